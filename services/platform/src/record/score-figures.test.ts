import type { Statement, UptimeRow } from '@hub/contracts'
import { monthSpan } from '@hub/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkConfig } from '../config.ts'
import { HubConfig } from '../hub-config.ts'
import { createManualClock } from '../manual-clock.ts'
import type { Uptime } from '../uptime/port.ts'
import { openRecord, type RecordStore } from './open.ts'
import { gatherScores } from './score-figures.ts'
import { putStatement } from './statements.ts'

const { from, to } = monthSpan('2026-10')
const hour = 3_600_000

let record: RecordStore
beforeEach(async () => {
  record = await openRecord(':memory:')
})
afterEach(() => record.close())

const full = {
  ...{ name: '机', manufacturer: '厂', model: '型', civilCode: '430405', address: '路', parental: '0', parentId: '1' },
  ...{ registerWay: '1', secrecy: '0', status: 'ON', grassrootsCode: '1', pointType: '3', kind: 'camera' },
  ...{ application: 'safe-city', carrier: 'telecom', stage: 'in-service' },
}
const insert = async (id: string, more: object = {}, service: [number | null, number | null] = [0, null]) => {
  await record.db
    .insertInto('device')
    .values({
      ...{
        id,
        district: id.slice(0, 6),
        kind: 'camera',
        application: 'safe-city',
        carrier: 'telecom',
        point_type: '3',
      },
      ...{ project: null, stage: 'in-service', name: '机', address: '路', longitude: null, latitude: null },
      ...{ ip_address: null, record: JSON.stringify({ id, ...full, ...more }), gateway: null, endpoint: null },
      ...{ xaddr: null, credential: null, every_ms: 1, identity: null, updated_at: 0 },
      ...{ in_service_from: service[0], in_service_to: service[1] },
    })
    .execute()
}
const picture = (device: string, verdict: string) =>
  record.db
    .insertInto('device_state')
    .values({ device, state: 'up', since: 0, rule: '{}', last_at: 0, recent: '[]', picture: verdict, picture_at: 1 })
    .execute()

const row = (key: UptimeRow['key'], up: number, down: number, devices = 2): UptimeRow => ({
  ...{ key, devices, up, down, unknown: 0, exempt: 0, rate: up / (up + down) },
})
type Asked = Parameters<Uptime['by']>[0]
function gather(kind: 'carrier' | 'district', scope: 'city' | ['430405'], rows: UptimeRow[], now = to + hour) {
  const asked: Asked[] = []
  const by: Uptime['by'] = async (selection) => {
    asked.push(selection)
    return rows
  }
  const uptime = { by } as Uptime
  const deps = { record, uptime, config: checkConfig(HubConfig, {}), clock: createManualClock(now) }
  return { asked, drafts: gatherScores(deps, '2026-10', kind, scope) }
}

test('online from the intervals, image from the last pictures, the record from its required fields, the rest stated or unmeasured', async () => {
  await insert('43040500001320000001')
  await insert('43040500001320000002', { manufacturer: '' })
  // Planned, and retired before the month: not due.
  await insert('43040500001320000003', { name: '' }, [null, null])
  await insert('43040500001320000004', { name: '' }, [0, from])
  await picture('43040500001320000001', 'pass')
  await picture('43040500001320000002', 'fail')
  const statement: Statement = {
    ...{ what: 'repair' as const, month: '2026-10', value: 0.9, source: '运维月报' },
    subject: { kind: 'district', key: '430405' },
  }
  await putStatement(record.db, 'city', statement, 'li', 1)
  const { asked, drafts } = gather('district', 'city', [row({ district: '430405' }, 96, 4)])
  const [draft] = await drafts
  expect(asked).toEqual([{ scope: 'city', filter: {}, from, to, now: to + hour, by: ['district'] }])
  const required = draft!.lines.find(({ item }) => item === 'record')!.denominator!
  expect(Object.fromEntries(draft!.lines.map(({ item, basis, value }) => [item, [basis, value]]))).toEqual({
    online: ['computed', 0.96],
    image: ['computed', 0.5],
    recording: ['unmeasured', null],
    record: ['computed', (required - 1) / required],
    repair: ['stated', 0.9],
    documents: ['unmeasured', null],
  })
  expect(draft!.lines.find(({ item }) => item === 'repair')!.source).toBe('运维月报')
  expect(draft).toMatchObject({ devices: 2, totals: { up: 96, down: 4 }, asOf: to + hour })
})

test('a month that runs is scored up to now, one that has not begun is refused', async () => {
  const { asked, drafts } = gather('district', 'city', [], from + hour)
  expect(await drafts).toEqual([])
  expect(asked[0]).toMatchObject({ from, to: from + hour })
  await expect(gather('district', 'city', [], from).drafts).rejects.toMatchObject({ params: { field: 'month' } })
})

test('who sees some districts makes their cards, and no card of a carrier', async () => {
  const rows = [row({ district: '430405' }, 1, 0), row({ district: '430481' }, 1, 0)]
  expect((await gather('district', ['430405'], rows).drafts).map(({ subject }) => subject.key)).toEqual(['430405'])
  expect(await gather('carrier', ['430405'], [row({ carrier: 'telecom' }, 1, 0)]).drafts).toEqual([])
  expect(await gather('carrier', 'city', [row({ carrier: 'telecom' }, 1, 0)]).drafts).toHaveLength(1)
})

test('a subject without a device in the month gets no card', async () => {
  expect(await gather('district', 'city', [row({ district: '430405' }, 0, 0, 0)]).drafts).toEqual([])
})

test('repair from the work orders that were due in the month; stated only when none was', async () => {
  const order = (number: string, repairBy: number, doneAt: number | null, more: object = {}) =>
    record.db
      .insertInto('work_order')
      .values({
        ...{ id: number, number, outage: null, unit: '甲', carrier: 'telecom', districts: '["430405","430481"]' },
        ...{ title: '机', status: 'closed', issued_by: 'li', issued_at: repairBy - 24 * hour, rule: '{}' },
        ...{
          respond_by: repairBy - 22 * hour,
          repair_by: repairBy,
          received_at: null,
          done_at: doneAt,
          closed_at: null,
        },
        ...more,
      })
      .execute()
  await order('1', from, from)
  await order('2', from + hour, from + hour + 1)
  await order('3', to - 1, null, { status: 'received', carrier: null, districts: '["430405"]' })
  // Due in another month, or taken back.
  await order('4', from - 1, from - 2)
  await order('5', to, to - 1)
  await order('6', from + hour, null, { status: 'cancelled' })
  const statement: Statement = {
    ...{ what: 'repair' as const, month: '2026-10', value: 1, source: '运维月报' },
    subject: { kind: 'district', key: '430405' },
  }
  await putStatement(record.db, 'city', statement, 'li', 1)
  const repairs = async (kind: 'carrier' | 'district', keys: string[], now?: number) =>
    (
      await gather(
        kind,
        'city',
        keys.map((key) => row({ [kind]: key }, 1, 0)),
        now,
      ).drafts
    ).map(({ lines }) => {
      const { basis, numerator, denominator } = lines.find(({ item }) => item === 'repair')!
      return [basis, numerator, denominator]
    })
  expect(await repairs('district', ['430405', '430481', '430482'])).toEqual([
    ['computed', 1, 3],
    ['computed', 1, 2],
    ['unmeasured', null, null],
  ])
  expect(await repairs('carrier', ['telecom', 'mobile'])).toEqual([
    ['computed', 1, 2],
    ['unmeasured', null, null],
  ])
  // A month that runs: what is not due yet does not count.
  expect(await repairs('district', ['430405'], from + hour)).toEqual([['computed', 1, 1]])
})
