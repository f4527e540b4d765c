/** What the hub has measured of a registry that is on record already: states, intervals, rollups, and what discovery found. */
import { join } from 'node:path'
import type { FoundDevice } from '@hub/contracts'
import { type GatewaysData, putFound, putGateways } from '@hub/gateways'
import { type RecordStore, tablesOf } from '@hub/platform'
import { openRecord } from '../../../services/hub/src/testing/record.ts'
import { type City, deviceOf, pastOf } from '../report/history.ts'
import { exempt, rollUp, ruleOf } from '../report/ours.ts'
import { macOf } from './records.ts'

const gateway = '43040500002000000001'

export async function fillPast(folder: string, city: City): Promise<void> {
  const record = await openRecord(join(folder, 'record.db'))
  await putGateways(tablesOf<GatewaysData>(record).db, [
    { id: gateway, name: '网关', districts: ['430405', '430406', '430407'], passwordHash: '' },
  ])
  for (let first = 0; first < city.devices; first += 500)
    await record.commit(() => enterPast(record, city, first, Math.min(city.devices, first + 500)))
  for (let first = 0; first < city.devices; first += 5_000) await enterFound(record, first, city)
  await exempt(record, city)
  await rollUp(record, city)
  record.sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  await record.close()
}

function enterPast({ sqlite }: RecordStore, city: City, first: number, last: number): void {
  const putInterval = sqlite.prepare('INSERT INTO interval VALUES (?, ?, ?, ?, ?)')
  const putState = sqlite.prepare(
    `INSERT INTO device_state (device, state, since, rule, last_at, recent, picture, clock_offset_ms)
     VALUES (?, ?, ?, ?, ?, '[]', ?, ?)`,
  )
  const approve = sqlite.prepare(
    'INSERT INTO device_binding (device, gateway, xaddr, every_ms) VALUES (?, ?, ?, 30000)',
  )
  for (let n = first; n < last; n++) {
    const { id } = deviceOf(n)
    const past = pastOf(city, n)
    for (const { from, to, state } of past)
      putInterval.run(id, from, to === city.to ? null : to, state, JSON.stringify(ruleOf(from, state)))
    const { from, state } = past.at(-1)!
    const [picture, offset] = [n % 40 === 0 ? 'fail' : 'pass', (n % 97) * 60]
    putState.run(id, state, from, JSON.stringify(ruleOf(from, state)), city.to, picture, offset)
    // Every fifth camera has not been found or waits for its approval.
    if (n % 5 > 0) approve.run(id, gateway, `http://${addressOf(n)}/onvif/device_service`)
  }
}

const addressOf = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`

/** One in ten waits, and a hundred in all are nobody's. */
async function enterFound(record: RecordStore, first: number, { devices, to }: City): Promise<void> {
  const found: FoundDevice[] = []
  for (let n = first; n < Math.min(devices, first + 5_000); n++) {
    const isStranger = n % 200 === 1
    if (n % 10 !== 0 && !isStranger) continue
    const address = isStranger ? `172.16.${n >> 8}.${n & 255}` : addressOf(n)
    found.push({
      endpoint: `urn:uuid:${String(n).padStart(12, '0')}`,
      xaddrs: [`http://${address}/onvif/device_service`],
      address,
      name: `IPC ${n}`,
      hardware: 'DS-2CD3T46',
      seenAt: to,
      quarantine: 'new',
      mac: macOf(isStranger ? n + 1_000_000 : n),
    })
  }
  for (let i = 0; i < found.length; i += 500)
    await putFound(tablesOf<GatewaysData>(record).db, gateway, found.slice(i, i + 500), to)
}
