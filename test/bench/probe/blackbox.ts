/** Debian's prometheus-blackbox-exporter on the same target: a POST of the same request, the answer matched for its one field. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../e2e/support/ports.ts'
import { cpuOf } from '../field/proc.ts'

const program = 'prometheus-blackbox-exporter'
const body =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header></s:Header><s:Body><GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'

export type Blackbox = { run(count: number): Promise<number>; stop(): void }

/** Probes these addresses in turn. Undefined when the program is not installed. */
export async function startBlackbox(xaddrs: readonly string[]): Promise<Blackbox | undefined> {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'blackbox-'))
  const config = join(folder, 'config.yml')
  writeFileSync(
    config,
    `modules:\n  onvif:\n    prober: http\n    timeout: 5s\n    http:\n      method: POST\n      preferred_ip_protocol: ip4\n      headers: { Content-Type: application/soap+xml }\n      body: '${body}'\n      fail_if_body_not_matches_regexp: ['UTCDateTime']\n`,
  )
  const [port] = await freePorts(1)
  const child = spawn(
    program,
    ['--config.file', config, '--web.listen-address', `127.0.0.1:${port}`, '--log.level=error'],
    { stdio: 'ignore' },
  )
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
  for (let tries = 0; ; tries++) {
    const text = await probe().catch(() => '')
    if (text.includes('probe_success 1')) break
    if (tries > 50) throw new Error(`the exporter does not see the target: ${text.slice(0, 200)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    async run(count) {
      let left = count
      const before = cpuOf(child.pid!)
      await Promise.all(
        Array.from({ length: 64 }, async () => {
          while (left-- > 0) await probe()
        }),
      )
      return (cpuOf(child.pid!) - before) / count
    },
    stop() {
      child.kill()
      agent.destroy()
      rmSync(folder, { recursive: true })
    },
  }
}
