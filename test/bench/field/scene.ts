/** A simulated fleet, the real gateway process and a small centre, for the benchmarks that need all three. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { AssignedCamera } from '@hub/contracts'
import type { Fleet } from '@hub/device-sims'
import type { GatewayConfig } from '@hub/gateway'
import { until } from '../../e2e/support/until.ts'
import { freePorts } from '../../support/ports.ts'
import { type Centre, startCentre } from './centre.ts'

const root = resolve(import.meta.dirname, '../../..')
const gatewayId = '43040500002000000001'
/** Simulated cameras of the benchmarks live in 127.131.0.0 and up, so that a demo city may run beside them. */
const net = 130

export type SceneOptions = {
  cameras: number
  seed?: number
  /** Flags of Node for the gateway. */
  flags?: readonly string[]
}

export type GatewayChoices = {
  discovery?: Partial<GatewayConfig['discovery']>
  events?: Partial<GatewayConfig['events']>
}

export type Scene = {
  readonly fleet: Fleet
  readonly centre: Centre
  /** Resolves to its process id when it is connected. One at a time; each has the folder, and so the assignment, of the one before. */
  startGateway(config?: GatewayChoices): Promise<number>
  stopGateway(): Promise<void>
  xaddrOf(address: string): string
  assigned(every: number): AssignedCamera[]
  /** Lines of the gateway's `/metrics`, by name with labels. */
  metrics(): Promise<ReadonlyMap<string, number>>
  fault(fault: string, match: Record<string, string>, value?: string): Promise<void>
  clear(): Promise<void>
  stop(): Promise<void>
}

export async function startScene(options: SceneOptions): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'))
  const children: ChildProcess[] = []
  const leave = () => {
    for (const child of children) child.kill('SIGKILL')
  }
  process.on('exit', leave)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const launch = (name: string, ...args: string[]) => {
    const out = openSync(join(folder, `${name}.log`), 'a')
    const child = spawn(
      process.execPath,
      args.map((arg) => (arg.endsWith('.ts') ? join(root, arg) : arg)),
      {
        stdio: ['ignore', out, out, ...(name === 'sims' ? (['ipc'] as const) : [])],
      },
    )
    child.once('exit', (code, signal) => {
      if (children.includes(child)) {
        console.error(readFileSync(join(folder, `${name}.log`), 'utf8').slice(-4_000))
        throw new Error(`${name} ended with ${signal ?? code}`)
      }
    })
    children.push(child)
    return child
  }
  const [http, rtsp, control, status] = (await freePorts(4)) as [number, number, number, number]
  const makeFleet = ['--seed', `${options.seed ?? 7}`, '--cameras', `${options.cameras}`, '--sensors', '0']
  execFileSync(process.execPath, [
    join(root, 'device-sims/src/main.ts'),
    'fleet',
    ...makeFleet,
    '--net',
    `${net}`,
    '--out',
    folder,
  ])
  const fleet = JSON.parse(readFileSync(join(folder, 'fleet.json'), 'utf8')) as Fleet
  const sims = launch(
    'sims',
    ...['device-sims/src/main.ts', 'serve', '--fleet', join(folder, 'fleet.json'), '--no-multicast'],
    ...['--control', `127.0.0.1:${control}`, '--http-port', `${http}`, '--rtsp-port', `${rtsp}`],
    ...['--discovery-port', '3702'],
  )
  await Promise.race([once(sims, 'message'), once(sims, 'exit')])

  const centre = await startCentre(gatewayId)
  let gateway: ChildProcess
  const startGateway: Scene['startGateway'] = async ({ discovery, events = {} } = {}) => {
    const config = {
      id: gatewayId,
      data: join(folder, 'gateway'),
      uplink: { url: `mqtt://127.0.0.1:${centre.port}`, password: 'bench' },
      field: { port: 0 },
      discovery: {
        interfaces: ['127.0.0.1'],
        multicast: false,
        everySeconds: 86_400,
        allowLoopback: true,
        ...discovery,
      },
      events,
      credentials: { sims: fleet.login },
      http: { port: status },
      log: { level: 'warn' },
    }
    mkdirSync(config.data, { recursive: true })
    // JSON is YAML.
    writeFileSync(join(folder, 'gateway.yaml'), JSON.stringify(config))
    // As an operator does; what Node made of the sources is kept from then on.
    execFileSync(process.execPath, [
      join(root, 'gateway/src/main.ts'),
      '--config',
      join(folder, 'gateway.yaml'),
      '--check',
    ])
    const flags = options.flags ?? []
    const up = centre.gatewayUp()
    gateway = launch('gateway', ...flags, 'gateway/src/main.ts', '--config', join(folder, 'gateway.yaml'))
    await up
    return gateway.pid!
  }
  const end = async (child: ChildProcess) => {
    children.splice(children.indexOf(child), 1)
    child.kill()
    // The simulators live as long as their channel.
    if (child.connected) child.disconnect()
    await until(() => child.exitCode !== null || child.signalCode !== null, 30, `${child.spawnargs.join(' ')} ends`)
  }

  const faults = async (method: string, body: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${control}/faults`, { method, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`the simulators refuse ${method} ${JSON.stringify(body)}: ${await answer.text()}`)
  }
  const xaddrOf = (address: string) => `http://${address}:${http}/onvif/device_service`
  return {
    fleet,
    centre,
    startGateway,
    stopGateway: () => end(gateway),
    xaddrOf,
    assigned: (every) =>
      fleet.cameras.map(({ id, ipAddress, endpoint }) => ({
        kind: 'camera',
        id,
        xaddr: xaddrOf(ipAddress),
        endpoint,
        credential: 'sims',
        every,
      })),
    async metrics() {
      const text = await (await fetch(`http://127.0.0.1:${status}/metrics`)).text()
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      return new Map(
        lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
      )
    },
    fault: (fault, match, value) => faults('POST', { match, fault, ...(value !== undefined && { value }) }),
    clear: () => faults('DELETE', { match: {} }),
    async stop() {
      for (const child of children.toReversed()) await end(child)
      await centre.stop()
      process.off('exit', leave)
      rmSync(folder, { recursive: true })
    },
  }
}
