import { audit } from '@hub/access'
import type { Statement, UptimeRow } from '@hub/contracts'
import { monthSpan } from '@hub/core'
import { type History, silentLog, tablesOf, type Uptime } from '@hub/platform'
import { openUptime } from '@hub/uptime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HubConfig } from '../../../hub/src/config.ts'
import { openRecord, type TestRecord } from '../../../hub/src/testing/record.ts'
import { checkConfig } from '../../../platform/src/config.ts'
import { createManualClock } from '../../../platform/src/manual-clock.ts'
import { noteRules } from '../../../uptime/src/judging.ts'
import type { ReportsData } from '../tables.ts'
import { draftScores } from './draft.ts'
import { putStatement } from './statements.ts'

const { from, to } = monthSpan('2026-10')
const hour = 3_600_000

let record: TestRecord
beforeEach(async () => {
  record = await openRecord(':memory:')
})
afterEach(() => record.close())

const full = {
  name: '机',
  manufacturer: '厂',
  model: '型',
  civilCode: '430405',
  address: '路',
  parental: '0',
  parentId: '1',
  registerWay: '1',
  secrecy: '0',
  status: 'ON',
  grassrootsCode: '1',
  pointType: '3',
  kind: 'camera',
  application: 'safe-city',
  carrier: 'telecom',
  stage: 'in-service',
}
const insert = async (id: string, more: object = {}, service: [number | null, number | null] = [0, null]) => {
  await record.db
    .insertInto('device')
    .values({
      id,
      district: id.slice(0, 6),
      kind: 'camera',
      application: 'safe-city',
      carrier: 'telecom',
      point_type: '3',
      project: null,
      stage: 'in-service',
      name: '机',
      address: '路',
      longitude: null,
      latitude: null,
      ip_address: null,
      record: JSON.stringify({ id, ...full, ...more }),
      updated_at: 0,
      in_service_from: service[0],
      in_service_to: service[1],
    })
    .execute()
}
const picture = (device: string, verdict: string) =>
  record.db
    .insertInto('device_state')
    .values({ device, state: 'up', since: 0, rule: '{}', last_at: 0, recent: '[]', picture: verdict, picture_at: 1 })
    .execute()

const row = (key: UptimeRow['key'], up: number, down: number, devices = 2): UptimeRow => ({
  key,
  devices,
  up,
  down,
  unknown: 0,
  exempt: 0,
  rate: up / (up + down),
})
type Asked = Parameters<Uptime['by']>[0]
function draft(kind: 'carrier' | 'district', scope: 'city' | ['430405'], rows: UptimeRow[], now = to + hour) {
  const asked: Asked[] = []
  const by: Uptime['by'] = async (selection) => {
    asked.push(selection)
    return rows
  }
  const config = checkConfig(HubConfig, {})
  const clock = createManualClock(now)
  const uptime: Uptime = { ...openUptime({ record, config, clock, history: {} as History }), by }
  return { asked, drafts: draftScores({ record: tablesOf(record), uptime, clock }, '2026-10', kind, scope) }
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
    what: 'repair' as const,
    month: '2026-10',
    value: 0.9,
    source: '运维月报',
    subject: { kind: 'district', key: '430405' },
  }
  await putStatement(tablesOf<ReportsData>(record).db, 'city', statement, 'li', 1)
  const { asked, drafts } = draft('district', 'city', [row({ district: '430405' }, 96, 4)])
  const [card] = await drafts
  expect(asked).toEqual([{ scope: 'city', filter: {}, from, to, now: to + hour, by: ['district'] }])
  const required = card!.lines.find(({ item }) => item === 'record')!.denominator!
  expect(Object.fromEntries(card!.lines.map(({ item, basis, value }) => [item, [basis, value]]))).toEqual({
    online: ['computed', 0.96],
    image: ['computed', 0.5],
    recording: ['unmeasured', null],
    record: ['computed', (required - 1) / required],
    repair: ['stated', 0.9],
    documents: ['unmeasured', null],
  })
  expect(card!.lines.find(({ item }) => item === 'repair')!.source).toBe('运维月报')
  expect(card).toMatchObject({ devices: 2, totals: { up: 96, down: 4 }, asOf: to + hour })
})

test('a carrier of which nothing was measured has no score, no pay, and what is missing', async () => {
  const unseen = { ...row({ carrier: 'mobile' }, 0, 0), unknown: 15_552_000_000, rate: null }
  const [card] = await draft('carrier', 'city', [unseen]).drafts
  expect(card).toMatchObject({ score: null, pay: null, coverage: { measured: 0, least: 0.9, missing: 13_996_800_000 } })
})

test('a month is scored by the rules that held when it began, whatever the configuration says now', async () => {
  const version = async (at: number, least: number) =>
    noteRules({
      record,
      config: checkConfig(HubConfig, { policy: { coverage: { least } } }),
      clock: createManualClock(at),
      audit,
      log: silentLog,
      outbox: { append: async () => {} },
    })
  await version(from - hour, 0.5)
  await version(from + hour, 0.99)
  const half = { ...row({ carrier: 'mobile' }, 6, 0), unknown: 4 }
  const [card] = await draft('carrier', 'city', [half]).drafts
  expect(card).toMatchObject({ score: expect.any(Number), coverage: { least: 0.5 } })
  expect(card!.judging!.map((one) => one.from)).toEqual([0, from + hour])
})

test('a month that runs is scored up to now, one that has not begun is refused', async () => {
  const { asked, drafts } = draft('district', 'city', [], from + hour)
  expect(await drafts).toEqual([])
  expect(asked[0]).toMatchObject({ from, to: from + hour })
  await expect(draft('district', 'city', [], from).drafts).rejects.toMatchObject({ params: { field: 'month' } })
})

test('who sees some districts makes their cards, and no card of a carrier', async () => {
  const rows = [row({ district: '430405' }, 1, 0), row({ district: '430481' }, 1, 0)]
  expect((await draft('district', ['430405'], rows).drafts).map(({ subject }) => subject.key)).toEqual(['430405'])
  expect(await draft('carrier', ['430405'], [row({ carrier: 'telecom' }, 1, 0)]).drafts).toEqual([])
  expect(await draft('carrier', 'city', [row({ carrier: 'telecom' }, 1, 0)]).drafts).toHaveLength(1)
})

test('a subject without a device in the month gets no card', async () => {
  expect(await draft('district', 'city', [row({ district: '430405' }, 0, 0, 0)]).drafts).toEqual([])
})

test('repair from the work orders that were due in the month; stated only when none was', async () => {
  const order = (number: string, repairBy: number, doneAt: number | null, more: object = {}) =>
    record.db
      .insertInto('work_order')
      .values({
        id: number,
        number,
        outage: null,
        unit: '甲',
        carrier: 'telecom',
        districts: '["430405","430481"]',
        status: 'closed',
        issued_by: 'li',
        issued_at: repairBy - 24 * hour,
        rule: '{}',
        respond_by: repairBy - 22 * hour,
        repair_by: repairBy,
        received_at: null,
        done_at: doneAt,
        closed_at: null,
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
    what: 'repair' as const,
    month: '2026-10',
    value: 1,
    source: '运维月报',
    subject: { kind: 'district', key: '430405' },
  }
  await putStatement(tablesOf<ReportsData>(record).db, 'city', statement, 'li', 1)
  const repairs = async (kind: 'carrier' | 'district', keys: string[], now?: number) =>
    (
      await draft(
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
