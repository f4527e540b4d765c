/** Debian's prometheus-blackbox-exporter on the same target: a POST of the same request, the answer matched for its one field. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandPath } from '../../support/machine.ts'
import { freePort } from '../../support/ports.ts'
import { startProgram } from '../../support/program.ts'
import { cpuOf } from '../field/proc.ts'

const program = 'prometheus-blackbox-exporter'
const body =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header></s:Header><s:Body><GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'

export type Blackbox = { run(count: number): Promise<number>; stop(): Promise<void> }

/** Probes these addresses in turn. Undefined when the program is not installed. */
export async function startBlackbox(xaddrs: readonly string[]): Promise<Blackbox | undefined> {
  if (!commandPath(program)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'blackbox-'))
  const config = join(folder, 'config.yml')
  writeFileSync(
    config,
    `modules:\n  onvif:\n    prober: http\n    timeout: 5s\n    http:\n      method: POST\n      preferred_ip_protocol: ip4\n      headers: { Content-Type: application/soap+xml }\n      body: '${body}'\n      fail_if_body_not_matches_regexp: ['UTCDateTime']\n`,
  )
  const port = await freePort()
  const address = ['--web.listen-address', `127.0.0.1:${port}`]
  const exporter = startProgram(program, ['--config.file', config, ...address, '--log.level=error'])
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let next = 0
  const probe = () =>
    new Promise<string>((resolve, reject) => {
      const path = `/probe?module=onvif&target=${encodeURIComponent(xaddrs[next++ % xaddrs.length]!)}`
      httpRequest({ host: '127.0.0.1', port, path, agent }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        response.on('end', () => resolve(text))
      })
        .on('error', reject)
        .end()
    })
  await exporter.untilReady(async () => (await probe()).includes('probe_success 1'))
  return {
    async run(count) {
      let left = count
      const before = cpuOf(exporter.pid)
      await Promise.all(
        Array.from({ length: 64 }, async () => {
          while (left-- > 0) await probe()
        }),
      )
      return (cpuOf(exporter.pid) - before) / count
    },
    async stop() {
      await exporter.stop()
      agent.destroy()
      rmSync(folder, { recursive: true })
    },
  }
}
