/** Exemptions and corrections: two people, one transaction, and only the devices that they cover. */
import { type AdjustmentRequest, applications, carriers, type Scope } from '@hub/contracts'
import { covers } from '@hub/core'
import type { Outgoing, RecordStore } from '@hub/platform'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { audit } from '../../../access/src/audit/append.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { countCovered, listCovered } from '../covered.ts'
import { decideAdjustment, findAdjustment, insertAdjustment, listAdjustments } from './store.ts'

const districts = ['430405', '430406', '430481'] as const
const devices = Array.from({ length: 40 }, (_, n) => ({
  id: `43040500001320${String(n).padStart(6, '0')}`,
  district: districts[n % 3]!,
  carrier: carriers[n % 4]!,
  application: applications[n % 5]!,
  kind: n % 7 === 0 ? 'sensor' : 'camera',
  pole: n % 4 === 0 ? null : `P${n % 6}`,
  feed: n % 5 === 0 ? null : `F${n % 3}`,
}))

let record: RecordStore
beforeEach(async () => {
  record = await openRecord(':memory:')
  await record.commit((sqlite) => {
    const put = sqlite.prepare(
      `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, updated_at)
       VALUES (?, ?, ?, ?, ?, '1', 'in-service', '', '', ?, 0)`,
    )
    for (const { id, district, kind, application, carrier, pole, feed } of devices)
      put.run(id, district, kind, application, carrier, JSON.stringify({ poleNumber: pole, powerSource: feed }))
  })
})
afterEach(() => record.close())

const request: AdjustmentRequest = {
  kind: 'exemption',
  countAs: 'exempt',
  scope: { by: 'district', values: ['430405'] },
  from: 1_000,
  to: 9_000,
  reason: 'power cut',
  applicant: 'grid',
}
const entered = { id: 'a', within: 'city', requestedBy: 'one', requestedAt: 10 } as const
const approval = { decision: 'approve', decidedBy: 'two', decidedAt: 20 } as const
const table = (sql: string) =>
  record.sqlite
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }))
const dirty = () =>
  table('SELECT consumer, count(*) AS n, min(from_at) AS f, max(to_at) AS t FROM uptime_dirty GROUP BY 1')

const outbox = { appendAll: (messages: readonly Outgoing[]) => void said.push(...messages) }
const said: Outgoing[] = []

test('approved, it is audited and names what must be derived again; withdrawn, once more', async () => {
  const { adjustment, districts: heard } = await insertAdjustment({ record, audit }, request, entered)
  expect(adjustment.devices).toBe(14)
  expect(heard).toEqual(['430405'])
  expect(dirty()).toEqual([])
  expect(await decideAdjustment({ record, audit, outbox }, 'city', 'a', approval)).toMatchObject({
    adjustment: { status: 'approved', decidedBy: 'two' },
    districts: heard,
  })
  const marked = ['buckets', 'days'].map((consumer) => ({ consumer, n: 14, f: 1_000, t: 9_000 }))
  expect(dirty()).toEqual(marked)
  record.sqlite.exec('DELETE FROM uptime_dirty')
  await decideAdjustment({ record, audit, outbox }, 'city', 'a', {
    ...approval,
    decision: 'withdraw',
    decidedBy: 'one',
  })
  expect(dirty()).toEqual(marked)
  expect(table('SELECT actor, action FROM audit ORDER BY id')).toEqual([
    { actor: 'one', action: 'adjustment.request' },
    { actor: 'two', action: 'adjustment.approve' },
    { actor: 'one', action: 'adjustment.withdraw' },
  ])
})

test('rejected, it changes no figure', async () => {
  await insertAdjustment({ record, audit }, request, entered)
  await decideAdjustment({ record, audit, outbox }, 'city', 'a', { ...approval, decision: 'reject', note: 'no proof' })
  expect(dirty()).toEqual([])
  await expect(decideAdjustment({ record, audit, outbox }, 'city', 'a', approval)).rejects.toMatchObject({
    code: 'adjustment.decided',
  })
})

test('nobody approves what they entered, and nothing of a refused step is written', async () => {
  await insertAdjustment({ record, audit }, request, entered)
  const own = { ...approval, decidedBy: 'one' }
  await expect(decideAdjustment({ record, audit, outbox }, 'city', 'a', own)).rejects.toMatchObject({
    code: 'approval.own',
  })
  expect(await findAdjustment(record, 'city', 'a')).toMatchObject({ status: 'requested', decidedAt: null })
  expect(table('SELECT action FROM audit')).toHaveLength(1)
})

test('a viewer sees those that touch their districts', async () => {
  await insertAdjustment({ record, audit }, request, entered)
  expect(await listAdjustments(record, ['430481'])).toEqual([])
  await expect(findAdjustment(record, ['430481'], 'a')).rejects.toMatchObject({ code: 'adjustment.unknown' })
  expect(await listAdjustments(record, ['430405'], { status: 'requested' })).toMatchObject([{ id: 'a', devices: 14 }])
  expect(await listAdjustments(record, 'city', { kind: 'correction' })).toEqual([])
})

test('the database covers what the rule covers', () => {
  const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 })
  const scope = fc.record(
    {
      by: fc.constantFrom('devices' as const, 'pole' as const, 'feed' as const, 'district' as const),
      values: some(['P1', 'P2', 'F0', 'F1', '430405', '430481', devices[3]!.id, devices[8]!.id]),
      carriers: some(carriers),
      applications: some(applications),
      kind: fc.constantFrom('camera' as const, 'sensor' as const),
    },
    { requiredKeys: ['by', 'values'] },
  )
  const districtsOrCity = fc.oneof(fc.constant<'city'>('city'), fc.subarray([...districts]))
  fc.assert(
    fc.property(scope, districtsOrCity, districtsOrCity, (scope, within, viewer) => {
      const expected = devices
        .filter((d) => covers({ scope, within }, d) && (viewer === 'city' || viewer.includes(d.district)))
        .map(({ id }) => id)
      expect(listCovered(record.sqlite, { scope, within, from: 0, to: 1 }, viewer as Scope)).toEqual(expected)
      expect(countCovered(record.sqlite, { scope, within, from: 0, to: 1 }, viewer as Scope)).toBe(expected.length)
    }),
  )
})
