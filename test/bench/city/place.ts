/** A city of real processes, composed as `npm start` composes it: hub, gateways behind wires that can be cut, simulators. Its folder is its own and empty. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { districtCodes } from '@hub/contracts'
import type { Fleet } from '@hub/device-sims'
import { fieldArguments } from '../../../infra/demo/commission.ts'
import { writeConfiguration } from '../../../infra/demo/files.ts'
import { type HubClient, logIn, untilHealthy } from '../../../infra/demo/hub-client.ts'
import type { Pace } from '../../../infra/demo/pace.ts'
import { datesOf } from '../../../infra/demo/past.ts'
import { demoPlan } from '../../../infra/demo/plan.ts'
import { createProcesses } from '../../../infra/demo/processes.ts'
import { withDates } from '../../../infra/demo/record-dates.ts'
import { type Spooled, spooled } from '../../e2e/support/evidence.ts'
import { type Relay, startRelay } from '../../e2e/support/relay.ts'
import { type Sims, simsAt } from '../../e2e/support/sims.ts'
import { until } from '../../e2e/support/until.ts'
import { freePorts } from '../../support/ports.ts'

const root = resolve(import.meta.dirname, '../../..')
/** Benchmarks of several checkouts may run at the same time: each has addresses of its own, 127.131.0.0 and up. */
const net = 130 + 14 * (process.pid % 9)
const password = 'bench-of-a-city'

export type Place = {
  readonly folder: string
  readonly fleet: Fleet
  /** Districts of each gateway, in the order of `uplinks`. */
  readonly districts: readonly (readonly string[])[]
  /** `hub`, `gateway-1` …, `sims`: the processes that are there, the simulators with their children. */
  pids(): ReadonlyMap<string, readonly number[]>
  /** The hub's folder. */
  readonly data: string
  readonly recordFile: string
  readonly recordCsv: string
  readonly secretsFile: string
  hub(): HubClient
  startHub(): Promise<void>
  endHub(): Promise<void>
  startSims(): Promise<void>
  startGateways(): void
  readonly sims: Sims
  /** The wire between each gateway and the hub. */
  readonly uplinks: readonly Relay[]
  /** What each gateway's spool has given and still holds: the gateway stands still while it is copied. */
  spools(): (Spooled & { gateway: string })[]
  /** `/metrics` of the hub or of a gateway, by name with labels. A scrape begins the figures of the event loop anew. */
  metrics(name: string): Promise<ReadonlyMap<string, number>>
  stop(): Promise<void>
}

/** @param flags of Node for the hub */
export async function makePlace(
  size: { cameras: number; sensors: number },
  pace: Pace,
  { keep, flags }: { keep: boolean; flags: readonly string[] },
): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-city-'))
  const forget = () => {
    if (!keep) rmSync(folder, { recursive: true, force: true })
  }
  process.on('exit', forget)
  const data = join(folder, 'data')
  const demo = join(data, 'demo')
  for (const dir of [demo, join(folder, 'logs')]) mkdirSync(dir, { recursive: true })
  const sizes = ['--cameras', `${size.cameras}`, '--sensors', `${size.sensors}`]
  const makeFleet = ['fleet', '--seed', '7', ...sizes, '--net', `${net}`, '--out', demo]
  execFileSync(process.execPath, [join(root, 'device-sims/src/main.ts'), ...makeFleet])
  const fleetFile = join(demo, 'fleet.json')
  const fleet = JSON.parse(readFileSync(fleetFile, 'utf8')) as Fleet
  const recordCsv = join(demo, 'record.csv')
  // As `npm start` does it: in service for some weeks, not for years of which nothing is known and which are rolled up all the same.
  const dates = [...fleet.cameras, ...fleet.sensors].map(
    (device) => [device.id, datesOf(device, districtCodes, Date.now())] as const,
  )
  writeFileSync(recordCsv, withDates(readFileSync(recordCsv, 'utf8'), new Map(dates)))
  const [http, bus, control, onvif, https, rtsp, ...rest] = (await freePorts(6 + 2 * pace.gateways)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    ...number[],
  ]
  const uplinks = await Promise.all(Array.from({ length: pace.gateways }, () => startRelay(bus)))
  const demoOwn = demoPlan(data, http, fleet, pace)
  const plan = {
    ...demoOwn,
    net,
    bus: { mode: 'embedded' as const, host: '127.0.0.1', port: bus },
    gateways: demoOwn.gateways.map((gateway, n) => ({
      ...gateway,
      uplink: `mqtt://127.0.0.1:${uplinks[n]!.port}`,
      fieldPort: rest[2 * n]!,
      statusPort: rest[2 * n + 1]!,
    })),
  }
  const files = writeConfiguration(plan)
  const secretsFile = join(demo, 'secrets.json')
  const address = `http://127.0.0.1:${http}`
  const processes = createProcesses((name, how, logFile) => {
    console.error(`${name} ended unexpectedly (${how}):\n${readFileSync(logFile, 'utf8').slice(-4_000)}`)
    process.exit(1)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const launch = (name: string, script: string, args: string[], env?: Record<string, string>) =>
    processes.launch(
      name,
      join(folder, 'logs', `${name}.log`),
      [...(name === 'hub' ? flags : []), join(root, script), ...args],
      env,
    )
  const gatewayNames = plan.gateways.map((_, n) => `gateway-${n + 1}`)
  const running = new Set<string>()
  let client: HubClient | undefined

  return {
    folder,
    fleet,
    districts: plan.gateways.map(({ districts }) => districts),
    data,
    recordFile: join(data, 'record.db'),
    recordCsv,
    secretsFile,
    uplinks,
    sims: simsAt(`http://127.0.0.1:${control}`),
    pids: () =>
      new Map([...running].map((name) => [name, [processes.pidOf(name), ...childrenOf(processes.pidOf(name))]])),
    hub() {
      if (!client) throw new Error('the hub has not been started')
      return client
    },
    async startHub() {
      launch('hub', 'services/hub/src/main.ts', ['--config', files.hub], { HUB_ADMIN_PASSWORD: password })
      running.add('hub')
      await untilHealthy(address, 120)
      client = await logIn(address, 'admin', password)
    },
    async endHub() {
      running.delete('hub')
      await processes.end('hub', 'SIGTERM')
    },
    async startSims() {
      const args = ['serve', '--fleet', fleetFile, '--secrets', secretsFile, '--control', `127.0.0.1:${control}`]
      args.push('--period', `${pace.probeEverySeconds}s`, '--no-multicast')
      args.push('--http-port', `${onvif}`, '--https-port', `${https}`, '--rtsp-port', `${rtsp}`)
      launch('sims', 'device-sims/src/main.ts', [...args, ...fieldArguments(plan.gateways)])
      running.add('sims')
      await until(() => fetch(`http://127.0.0.1:${control}/faults`), 120, 'the simulators are up')
    },
    startGateways() {
      for (const [n, name] of gatewayNames.entries()) {
        launch(name, 'gateway/src/main.ts', ['--config', files.gateways[n]!])
        running.add(name)
      }
    },
    spools: () =>
      gatewayNames.map((name, n) => {
        const pid = processes.pidOf(name)
        process.kill(pid, 'SIGSTOP')
        try {
          return { gateway: plan.gateways[n]!.id, ...spooled(join(data, name)) }
        } finally {
          process.kill(pid, 'SIGCONT')
        }
      }),
    async metrics(name) {
      const at = name === 'hub' ? address : `http://127.0.0.1:${plan.gateways[gatewayNames.indexOf(name)]!.statusPort}`
      const text = await (await fetch(`${at}/metrics`)).text()
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
      return new Map(
        lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
      )
    },
    async stop() {
      running.clear()
      await processes.stopAll()
      for (const uplink of uplinks) await uplink.close()
      forget()
      process.off('exit', forget)
      if (keep) console.log(`kept: ${folder}`)
    },
  }
}

/** Processes that a process has started and that are of this project: what a gateway decodes pictures with is not. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const isChild = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] === `${parent}`
        return isChild && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.ts')
      } catch {
        return false // it has ended meanwhile
      }
    })
    .map(Number)
}
