import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { districtCodes, recordFieldNames, recordFields } from '@hub/contracts'
import { type DeviceHealth, defaultHealthPolicy, observe } from '@hub/core'
import { tablesOf } from '@hub/platform'
import { listStatements, type ReportsData } from '@hub/reports'
import { listAdjustments } from '@hub/uptime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRecord } from '../../services/hub/src/testing/record.ts'
import { datesOf, intervalsOf, type PastDevice } from './past.ts'
import { seedPast } from './seed.ts'

const now = Date.parse('2026-10-20T11:00:00+08:00')
const device = (n: number): PastDevice => ({
  id: `${districtCodes[n % 12]}00001320${String(n).padStart(6, '0')}`,
  district: districtCodes[n % 12]!,
  kind: n % 5 ? 'camera' : 'sensor',
  power: `P${n % 7}`,
})
const devices = Array.from({ length: 60 }, (_, n) => device(n))
const counties = districtCodes.slice(6)

let data: string
let files: { data: string; fleet: string; record: string }
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'seed-'))
  files = { data, fleet: join(data, 'fleet.json'), record: join(data, 'record.csv') }
  writeFileSync(files.fleet, JSON.stringify({ cameras: devices, sensors: [] }))
  const line = ({ id }: PastDevice) => recordFieldNames.map((f) => (f === 'id' ? id : f === 'name' ? '"路口, 东"' : ''))
  const lines = [recordFieldNames.map((f) => recordFields[f].csv), ...devices.map(line)]
  writeFileSync(files.record, `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`)
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

test('the past of a device has no gap and no overlap from its first day in service to now', () => {
  for (const each of devices) {
    const { inServiceAt } = datesOf(each, districtCodes, now)
    const past = intervalsOf(each, inServiceAt, counties.includes(each.district), now)
    expect(past[0]!.from).toBe(Date.parse(`${inServiceAt}T00:00:00+08:00`))
    expect(past.at(-1)!.to).toBe(now)
    for (const [n, { from, to }] of past.entries()) {
      expect(to).toBeGreaterThan(from)
      if (n > 0) expect(from).toBe(past[n - 1]!.to)
    }
  }
})

test('it is plausible: dates in order, some trouble, most of the time up, and the same at every start', () => {
  const all = devices.flatMap((each) => {
    const dates = datesOf(each, districtCodes, now)
    expect(dates.installTime < dates.acceptedAt && dates.acceptedAt < dates.inServiceAt).toBe(true)
    expect(dates.inServiceAt < '2026-10-20').toBe(true)
    return intervalsOf(each, dates.inServiceAt, counties.includes(each.district), now)
  })
  const time = (state: string) => all.filter((i) => i.state === state).reduce((sum, i) => sum + i.to! - i.from, 0)
  const rate = time('up') / (time('up') + time('down'))
  expect(rate).toBeGreaterThan(0.9)
  expect(rate).toBeLessThan(0.999)
  expect(time('unknown')).toBeGreaterThan(0)
  expect(intervalsOf(devices[3]!, '2026-09-01', false, now)).toEqual(intervalsOf(devices[3]!, '2026-09-01', false, now))
})

test('an empty Record gets the past, labelled as demonstration data; one that is there is left alone', async () => {
  expect(await seedPast(files, counties, now)).toBeGreaterThan(devices.length)
  expect(await seedPast(files, counties, now)).toBeUndefined()
  const record = await openRecord(join(data, 'record.db'))
  const audit = await record.db
    .selectFrom('audit')
    .select(['actor', 'detail'])
    .where('action', '=', 'demo.past')
    .execute()
  expect(audit).toMatchObject([{ actor: '示例数据', detail: expect.stringContaining('不是观测结果') }])
  const adjustments = await listAdjustments(record, 'city')
  expect(adjustments.map(({ kind, status }) => `${kind} ${status}`).sort()).toEqual([
    'correction requested',
    'exemption approved',
    'exemption approved',
  ])
  expect(adjustments.every(({ reason }) => reason.includes('示例数据'))).toBe(true)
  expect((await listStatements(tablesOf<ReportsData>(record).db, 'city', '2026-09')).length).toBe(13)
  await record.close()
})

test('the record that is imported has the dates of the past, and nothing else is another', async () => {
  const before = readFileSync(files.record, 'utf8')
  await seedPast(files, counties, now)
  const after = readFileSync(files.record, 'utf8')
  const { plannedAt, installTime, acceptedAt, inServiceAt } = datesOf(devices[0]!, districtCodes, now)
  const line = after.split('\r\n')[1]!
  expect(line).toContain(`${installTime}`)
  expect(line).toContain(`${plannedAt},${acceptedAt},${inServiceAt}`)
  expect(after.replace(/\d{4}-\d\d-\d\d/g, '')).toBe(before)
})

test('the first real look goes on from where the past ends', async () => {
  await seedPast(files, counties, now)
  const record = await openRecord(join(data, 'record.db'))
  const { id } = devices[0]!
  const row = await record.db.selectFrom('device_state').select('health').where('device', '=', id).executeTakeFirst()
  const open = await record.db
    .selectFrom('interval')
    .selectAll()
    .where('device', '=', id)
    .where('to_at', 'is', null)
    .execute()
  await record.close()
  const health = JSON.parse(row!.health!) as DeviceHealth
  const look = { at: now + 20_000, verdict: 'pass', rung: 'decodes', every: 10_000 } as const
  const { effects } = observe(health, look, defaultHealthPolicy)
  expect(open).toMatchObject([{ from_at: now, state: 'unknown' }])
  expect(effects.filter(({ kind }) => kind === 'interval')).toMatchObject([
    { interval: { from: now, to: look.at, state: 'unknown' } },
    { interval: { from: look.at, to: null, state: 'up' } },
  ])
})
