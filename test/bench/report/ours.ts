/** The Record with a city's past in it, rolled up by the production module, and asked through the thread that the hub asks. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { audit } from '@hub/access'
import type { DistrictCode, Rule } from '@hub/contracts'
import { HubConfig, wireDeps } from '@hub/hub'
import {
  type Bus,
  checkConfig,
  createMetrics,
  createSystemClock,
  type History,
  type RecordStore,
  runModules,
  silentLog,
} from '@hub/platform'
import { decideAdjustment, insertAdjustment, openTimes, type Times, uptimeModule } from '@hub/uptime'
import { openRecord } from '../../../services/hub/src/testing/record.ts'
import { type City, deviceOf, pastOf } from './history.ts'

export type Filled = {
  uptime: Times
  record: RecordStore
  rollupSeconds: number
  intervals: number
  close(): Promise<void>
}

export async function fill(folder: string, name: string, city: City): Promise<Filled> {
  const record = await openRecord(join(folder, `${name}.db`))
  let intervals = 0
  for (let first = 0; first < city.devices; first += 500)
    intervals += await record.commit(() => register(record, city, first, Math.min(city.devices, first + 500)))
  await exempt(record, city)
  const uptime = openTimes(record)
  const started = performance.now()
  await rollUp(record, city)
  const rollupSeconds = (performance.now() - started) / 1_000
  record.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const close = async () => {
    await uptime.close()
    await record.close()
  }
  return { uptime, record, rollupSeconds, intervals, close }
}

function register({ sqlite }: RecordStore, city: City, first: number, last: number): number {
  const put = sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, project, stage, name, address, record, in_service_from, updated_at)
     VALUES (?, ?, 'camera', ?, ?, ?, ?, 'in-service', ?, ?, ?, ?, 0)`,
  )
  const putInterval = sqlite.prepare('INSERT INTO interval VALUES (?, ?, ?, ?, ?)')
  let count = 0
  for (let n = first; n < last; n++) {
    const { id, district, application, carrier, pointType, project, zone } = deviceOf(n)
    const record = JSON.stringify({
      id,
      name: `卡口 ${n}`,
      manufacturer: 'Hikvision',
      model: 'DS-2CD3T46',
      civilCode: district,
      address: `衡州大道 ${n} 号`,
      pointType,
      carrier,
      application,
      project,
      poleNumber: `L${n >> 1}`,
      powerSource: `F${n >> 5}`,
      ...(zone && { zone }),
      longitude: 112.6,
      latitude: 26.9,
      ipAddress: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
      mac: '44:19:b6:00:00:00',
    })
    put.run(id, district, application, carrier, pointType, project, `卡口 ${n}`, `衡州大道 ${n} 号`, record, city.from)
    for (const { from, to, state } of pastOf(city, n)) {
      putInterval.run(id, from, to === city.to ? null : to, state, JSON.stringify(ruleOf(from, state)))
      count++
    }
  }
  return count
}

export const ruleOf = (from: number, state: string): Rule => ({
  id: state === 'unknown' ? 'stale' : 'confirmed',
  rung: 'decodes',
  ...(state === 'down' && { reason: 'timeout' }),
  count: 2,
  needed: 2,
  firstAt: from,
  lastAt: from + 30_000,
})

/** Power cuts that were exempted, as the api does it. */
export async function exempt(record: RecordStore, city: City): Promise<void> {
  for (const { district, from, to, exempt } of city.shared) {
    if (!exempt) continue
    const id = randomUUID()
    const scope = { by: 'district' as const, values: [district as DistrictCode] }
    const request = {
      kind: 'exemption',
      countAs: 'exempt',
      scope,
      from,
      to,
      reason: '供电检修',
      applicant: '供电公司',
    } as const
    await insertAdjustment({ record, audit }, request, { id, within: 'city', requestedBy: 'one', requestedAt: to })
    await decideAdjustment({ record, audit, outbox: { appendAll() {} } }, 'city', id, {
      decision: 'approve',
      decidedBy: 'two',
      decidedAt: to + 1,
    })
  }
}

/** Runs uptime at the end of the past until every day is rolled up. */
export async function rollUp(record: RecordStore, city: City): Promise<void> {
  // The five-minute buckets go to another store, which has its own figures.
  await record.commit((sqlite) => sqlite.exec("DELETE FROM uptime_dirty WHERE consumer = 'buckets'"))
  const metrics = createMetrics()
  const wired = wireDeps({
    record,
    metrics,
    transport: silent,
    log: silentLog,
    clock: { ...createSystemClock(), now: () => city.to },
    history: discarding,
    config: checkConfig(HubConfig, {}),
  })
  const running = await runModules([uptimeModule], wired.deps)
  const end = new RegExp(`hub_uptime_rolled_up_to_timestamp_seconds ${(city.to - 43_200_000) / 1_000}$`, 'm')
  while (!end.test(await metrics.text())) await sleep(200)
  await running.stop()
  await wired.stop()
}

/** Bytes of the tables that hold the uptime record, whole pages. */
export function bytesOf({ sqlite }: RecordStore): { [table: string]: number } {
  const rows = sqlite
    .prepare(
      "SELECT name, sum(pgsize) AS bytes FROM dbstat WHERE name IN ('interval', 'uptime_day', 'uptime_sum', 'uptime_district') GROUP BY name",
    )
    .all() as { name: string; bytes: number }[]
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
}

const silent: Bus = {
  connected: true,
  onConnection: () => () => {},
  close: async () => {},
  subscribe: async () => async () => {},
  publish: async () => {},
}
const discarding = { writeUptime: async () => {} } as unknown as History
