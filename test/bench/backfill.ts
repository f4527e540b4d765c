/**
 * A district whose gateway was cut off comes back: how fast its spool drains, whether what happens now still comes first, and whether
 * every figure is corrected to what really happened. The real spool, uplink and hub, each in a process of its own; beside them a broker's
 * own queue, a message for each look.
 *
 *   npm run bench -- backfill [--cameras 1700] [--hours 24]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { districtOf, type Observation } from '@hub/contracts'
import { onlineRate } from '@hub/core'
import { sha256 } from '@hub/platform'
import { openRecord } from '../../services/hub/src/testing/record.ts'
import { until } from '../e2e/support/until.ts'
import { freePorts } from '../support/ports.ts'
import { expected, recorded, sum } from './backfill/figures.ts'
import { fillSpool } from './backfill/fill.ts'
import type { GatewayOrder, GatewayReport } from './backfill/gateway.ts'
import { cameraId, everyMs, gatewayId } from './backfill/looks.ts'
import { drainMosquitto } from './backfill/mosquitto.ts'
import { cpuOf, percentile, rounded, rssOf } from './field/proc.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { cameras: { type: 'string', default: '1700' }, hours: { type: 'string', default: '24' } },
})
const [cameras, hours] = [Number(values.cameras), Number(values.hours)]
const periods = Math.round((hours * 3_600_000) / everyMs)
const limitSeconds = 30 + (hours * 3_600) / 10
const password = 'bench'
/** Enough for its speed; its queue is in memory. */
const mosquittoLooks = 200_000
const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'))
const children: ChildProcess[] = []
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const start = (file: string, ...args: string[]) => {
  const child = fork(resolve(import.meta.dirname, file), args)
  children.push(child)
  child.once('exit', (code) => {
    if (children.includes(child)) throw new Error(`${file} ended with ${code}`)
  })
  return child
}

const to = Math.floor(Date.now() / everyMs) * everyMs
const past = { from: to - periods * everyMs, to }
const spool = join(folder, 'spool.sqlite')
const began = performance.now()
const batches = await fillSpool(spool, cameras, past.from, periods)
const observations = cameras * periods
console.log(
  `${observations.toLocaleString('en')} looks in ${batches.toLocaleString('en')} batches, ${(statSync(spool).size / 1e6).toFixed(0)} MB, ` +
    `spooled in ${((performance.now() - began) / 1_000).toFixed(0)} s`,
)

const [port] = (await freePorts(1)) as [number]
const hub = await startHub()
const recordPath = join(folder, 'hub', 'record.db')
const before = sum(recorded(recordPath, cameras, past))

const live: Observation[] = []
let delays: number[] = []
let last: GatewayReport | undefined
const cpu = cpuOf(hub.pid!)
const gateway = start('backfill/gateway.ts')
let told = 0
gateway.on('message', (report: GatewayReport) => {
  last = report
  if (++told % 10 === 0) console.log(`${report.waiting.toLocaleString('en')} batches wait`)
  for (const look of report.looks) live.push(look)
  for (const delay of report.delays) delays.push(delay)
})
gateway.send({ path: spool, url: `mqtt://127.0.0.1:${port}`, password, cameras } satisfies GatewayOrder)
const drainBegan = performance.now()
const gatewayCpu = cpuOf(gateway.pid!)
await until(() => last && last.waiting <= 2, limitSeconds, 'the spool drains', 50)
const seconds = (performance.now() - drainBegan) / 1_000
const during = delays
const used = { hub: cpuOf(hub.pid!) - cpu, gateway: cpuOf(gateway.pid!) - gatewayCpu }
const rss = { hub: rssOf(hub.pid!), gateway: rssOf(gateway.pid!) }
delays = []
await sleep(10_000)

const after = recorded(recordPath, cameras, past)
const truth = expected(cameras, past, periods, live, Date.now())
const wrong = after.filter((totals, n) => JSON.stringify(totals) !== JSON.stringify(truth[n])).length
const speed = (hours * 3_600) / seconds
console.log(
  `drained in ${seconds.toFixed(0)} s, ${speed.toFixed(0)} × live; live looks acknowledged after p99 ${percentile(during, 99)?.toFixed(0)} ms ` +
    `(${percentile(delays, 99)?.toFixed(0)} ms when there is nothing else); ${wrong} of ${cameras} cameras have other figures than their looks`,
)
await stopAll()
const mosquitto = await drainMosquitto(cameras, past.from, Math.min(observations, mosquittoLooks))
if (mosquitto)
  console.log(
    `mosquitto's queue, a row for each look: ${mosquitto.obs_per_s} looks/s, ${mosquitto.cpu_us} µs of CPU each`,
  )
else console.log('mosquitto is not installed: not compared')
const share = (part: number) => rounded((100 * part) / (cameras * (to - past.from)), 4)
console.log(
  JSON.stringify({
    bench: 'backfill',
    ours: {
      cameras,
      hours,
      observations,
      batches,
      drain_s: rounded(seconds),
      times_live: rounded(speed),
      obs_per_s: Math.round(observations / seconds),
      hub_cpu_us: rounded(used.hub / observations),
      gateway_cpu_us: rounded(used.gateway / observations),
      hub_rss_mb: rounded(rss.hub, 0),
      gateway_rss_mb: rounded(rss.gateway, 0),
      resent_batches: last!.resent,
      live_p50_ms: rounded(percentile(during, 50), 0),
      live_p99_ms: rounded(percentile(during, 99), 0),
      live_max_ms: rounded(Math.max(...during), 0),
      quiet_live_p99_ms: rounded(percentile(delays, 99), 0),
      unknown_before_pct: share(before.unknown),
      unknown_after_pct: share(sum(after).unknown),
      unknown_expected_pct: share(sum(truth).unknown),
      online_after_pct: rounded(100 * (onlineRate(sum(after)) ?? Number.NaN), 4),
      online_expected_pct: rounded(100 * (onlineRate(sum(truth)) ?? Number.NaN), 4),
      cameras_wrong: wrong,
    },
    peers: mosquitto ? { mosquitto } : {},
    ratios: {
      live_speed: rounded(speed),
      ...(mosquitto && { mosquitto: rounded(observations / seconds / mosquitto.obs_per_s, 2) }),
    },
  }),
)

async function startHub(): Promise<ChildProcess> {
  const data = join(folder, 'hub')
  mkdirSync(data)
  const record = await openRecord(join(data, 'record.db'))
  const put = record.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, in_service_from, updated_at)
     VALUES (?, ?, 'camera', 'safe-city', 'telecom', '3', 'in-service', 'name', 'address', '{}', ${past.from - 7 * 86_400_000}, 0)`,
  )
  await record.commit(() => {
    for (let n = 0; n < cameras; n++) put.run(cameraId(n), districtOf(cameraId(n))!)
  })
  await record.close()
  const config = {
    data,
    bus: { mode: 'embedded', port },
    gateways: [{ id: gatewayId, name: 'one', districts: [districtOf(cameraId(0))], passwordHash: sha256(password) }],
    log: { level: 'warn' },
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'hub.yaml'), JSON.stringify(config))
  const child = start(
    '../../services/hub/src/main.ts',
    '--config',
    join(folder, 'hub.yaml'),
    '--modules=ingest,uptime,gateways',
  )
  await until(isOpen, 30, 'the hub listens')
  return child
}

async function isOpen(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).finally(() =>
    socket.destroy(),
  )
}

async function stopAll(): Promise<void> {
  for (const child of children.splice(0).reverse()) {
    child.kill()
    await once(child, 'exit')
  }
}
