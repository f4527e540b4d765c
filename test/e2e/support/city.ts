/**
 * A small city of real processes in a folder of its own: the hub (in one process, or in two that share the record), gateways whose
 * uplinks can be cut, a simulated fleet, and, in the distributed mode, mosquitto between them.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DevicePage, DeviceRow, GatewayRow } from '@hub/contracts'
import { commission } from '../../../infra/demo/commission.ts'
import { type CityPlan, type Login, writeConfiguration } from '../../../infra/demo/files.ts'
import { type HubClient, logIn, untilHealthy } from '../../../infra/demo/hub-client.ts'
import { demoGateways } from '../../../infra/demo/plan.ts'
import { createProcesses } from '../../../infra/demo/processes.ts'
import { freePorts } from '../../support/ports.ts'
import type { BusMode } from './buses.ts'
import { smallDisk } from './disk.ts'
import { takeOver } from './people.ts'
import { entry, programsOf } from './programs.ts'
import { type Relay, startRelay } from './relay.ts'
import { type Sims, simsAt } from './sims.ts'
import { until } from './until.ts'

/**
 * Simulated cameras of the tests live in 127.(net+1).0.0 and up. Discovery has one port everywhere, so that cities which run at the same
 * time must differ by their addresses: the demo city's is 10, the benchmarks' 130, and each process of tests takes one of these.
 */
const nets = [28, 42, 56, 70, 84, 98, 112] as const
const net = nets[process.pid % nets.length]!

export type CityOptions = {
  /** `mosquitto`: the bus is a process of its own, and the hub runs as ingest with gateways and outages, and API apart. */
  bus: BusMode
  cameras?: number
  sensors?: number
  probeEverySeconds?: number
  seed?: number
  /** Prefix length of the part of each district's net that is searched. */
  searched?: number
  /** The tests' own are quick: a search that never rests. The demo city searches every 30 s, and a look may take 3 s. */
  discoverEverySeconds?: number
  probeTimeoutMs?: number
  /** Sims of one's own, or none at all. */
  withSims?: boolean
  /** What differs from the hub's default policy. */
  policy?: object
  channels?: readonly object[]
  /** Of a disk of its own for all that the hub keeps; what the gateways keep is on other machines. Megabytes. */
  diskMegabytes?: number
}

export type City = {
  readonly address: string
  readonly login: Login
  readonly hub: HubClient
  /** The security administrator, who makes the other users. */
  readonly security: Login
  readonly sims: Sims
  readonly plan: CityPlan
  /** An address in the range that the first gateway searches, and in no fleet. */
  readonly freeAddress: string
  /** Folder of the hub's record. */
  readonly data: string
  readonly spoolOf: (gateway: number) => string
  /** The wire between each gateway and the bus. */
  readonly uplinks: readonly Relay[]
  /** Names of the processes: of the hub, gateways, broker and simulators. */
  readonly processes: { hub: readonly string[]; gateways: readonly string[]; broker: readonly string[] }
  /** What each simulated sensor, or a test in its place, logs in with. */
  readonly secrets: Readonly<Record<string, string>>
  /** `kill -9`, and nothing more. */
  crash(name: string): Promise<void>
  /** Ends it as an operator would. */
  end(name: string): Promise<void>
  start(name: string): void
  /** Stops it where it stands, and lets it go on. */
  hold(name: string): void
  letGo(name: string): void
  /** All devices, as the API lists them. */
  devices(query?: string): Promise<DeviceRow[]>
  /** Resolves when every device in service is online. */
  allUp(seconds: number): Promise<void>
  stop(): Promise<void>
}

export async function startCity(options: CityOptions): Promise<City> {
  const { bus, cameras = 36, sensors = 12, probeEverySeconds = 4, seed = 7, searched = 28, withSims = true } = options
  const { discoverEverySeconds = 3, probeTimeoutMs = 1_000 } = options
  const folder = mkdtempSync(join(tmpdir(), 'city-'))
  const data = join(folder, 'data')
  const demo = join(data, 'demo')
  const logs = join(folder, 'logs')
  mkdirSync(data, { recursive: true })
  const freeDisk = options.diskMegabytes === undefined ? () => {} : smallDisk(data, options.diskMegabytes)
  for (const dir of [demo, logs]) mkdirSync(dir, { recursive: true })
  if (options.diskMegabytes !== undefined)
    for (const n of demoGateways.keys()) {
      const elsewhere = join(folder, `gateway-${n + 1}`)
      mkdirSync(elsewhere, { mode: 0o700 })
      symlinkSync(elsewhere, join(data, `gateway-${n + 1}`))
    }
  const [httpPort, busPort, controlPort, onvifPort, rtspPort, ...fieldPorts] = (await freePorts(
    5 + demoGateways.length,
  )) as [number, number, number, number, number, ...number[]]

  const makeFleet = ['fleet', '--seed', `${seed}`, '--cameras', `${cameras}`, '--sensors', `${sensors}`]
  execFileSync(process.execPath, [entry.sims, ...makeFleet, '--net', `${net}`, '--out', demo])
  const fleet = join(demo, 'fleet.json')
  const secrets = join(demo, 'secrets.json')

  const uplinks = await Promise.all(demoGateways.map(() => startRelay(busPort)))
  const random = () => randomBytes(12).toString('hex')
  const centre: Login = { user: 'centre', password: random() }
  const plan: CityPlan = {
    data,
    httpPort,
    bus:
      bus === 'embedded'
        ? { mode: 'embedded', host: '127.0.0.1', port: busPort }
        : { mode: 'mqtt', url: `mqtt://127.0.0.1:${busPort}`, ...centre },
    gateways: demoGateways.map((gateway, n) => ({
      ...gateway,
      password: random(),
      uplink: `mqtt://127.0.0.1:${uplinks[n]!.port}`,
      fieldPort: fieldPorts[n]!,
    })),
    camera: (JSON.parse(readFileSync(fleet, 'utf8')) as { login: Login }).login,
    net,
    searched,
    multicast: false,
    discoverEverySeconds,
    probeEverySeconds,
    probeTimeoutMs,
    startupGraceSeconds: 5,
    policy: options.policy ?? {},
    channels: options.channels ?? [],
  }
  const files = writeConfiguration(plan)

  const login: Login = { user: 'admin', password: random() }
  const programs = programsOf({
    plan,
    files,
    folder,
    fleet,
    secrets,
    onvifPort,
    rtspPort,
    controlPort,
    broker: bus === 'embedded' ? undefined : { port: busPort, centre },
    environment: { HUB_ADMIN_PASSWORD: login.password },
  })
  const named = (...prefixes: string[]) =>
    Object.keys(programs).filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
  const ended: string[] = []
  const processes = createProcesses((name, how, logFile) =>
    ended.push(`${name} ended unexpectedly (${how}):\n${readFileSync(logFile, 'utf8').slice(-4_000)}`),
  )
  const start = (name: string) => {
    const { args, env, program } = programs[name]!
    processes.launch(name, join(logs, `${name}.log`), args, env, program)
  }
  const stop = async () => {
    await processes.stopAll()
    for (const uplink of uplinks) await uplink.close()
    freeDisk()
    if (process.env.CITY_KEEP) console.log(`kept: ${folder}`)
    else rmSync(folder, { recursive: true })
    if (ended.length > 0) throw new Error(ended.join('\n'))
  }

  try {
    const address = `http://127.0.0.1:${httpPort}`
    for (const name of named('broker', 'hub', 'ingest', 'api')) start(name)
    await untilHealthy(address, 90)
    const hub = await logIn(address, login.user, login.password)
    await commission(hub, { record: join(demo, 'record.csv'), secrets })
    if (withSims) start('sims')
    for (const name of named('gateway')) start(name)
    const sims = simsAt(`http://127.0.0.1:${controlPort}`)
    const devices = async (query = '') => (await hub.get<DevicePage>(`/devices${query}`)).devices
    await until(
      async () => (await hub.get<GatewayRow[]>('/gateways')).every((gateway) => gateway.online),
      60,
      'every gateway is online',
    )
    const first = { user: 'security', password: readFileSync(join(data, 'first-login-security'), 'utf8').trim() }
    const security = await takeOver(address, first, random())
    return {
      address,
      login,
      hub,
      security,
      sims,
      plan,
      freeAddress: `127.${net + 1}.0.13`,
      data,
      secrets: JSON.parse(readFileSync(secrets, 'utf8')),
      spoolOf: (n) => join(data, `gateway-${n + 1}`),
      uplinks,
      processes: { hub: named('hub', 'ingest', 'api'), gateways: named('gateway'), broker: named('broker') },
      crash: (name) => processes.end(name, 'SIGKILL'),
      end: (name) => processes.end(name, 'SIGTERM'),
      start,
      hold: (name) => processes.signal(name, 'SIGSTOP'),
      letGo: (name) => processes.signal(name, 'SIGCONT'),
      devices,
      async allUp(seconds) {
        await until(
          async () => {
            const others = (await devices()).filter((device) => device.state !== 'up')
            const some = others.slice(0, 5).map(({ id, kind, state }) => `${kind} ${id} is ${state}`)
            if (others.length > 0) throw new Error(`${others.length} are not: ${some.join(', ')}`)
            return true
          },
          seconds,
          'every device is online',
        )
      },
      stop,
    }
  } catch (error) {
    await stop().catch(() => {})
    // A program that ended is why, whatever was waited for.
    throw ended.length > 0 ? new Error(ended.join('\n'), { cause: error }) : error
  }
}
