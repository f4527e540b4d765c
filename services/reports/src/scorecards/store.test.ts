import { audit } from '@hub/access'
import { scoreCard } from '@hub/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AccessTables } from '../../../access/src/tables.ts'
import { HubConfig } from '../../../hub/src/config.ts'
import { openRecord } from '../../../hub/src/testing/record.ts'
import { checkConfig } from '../../../platform/src/config.ts'
import { type RecordStore, tablesOf } from '../../../platform/src/database/open.ts'
import type { ReportsData } from '../tables.ts'
import {
  type CheckSeal,
  findScorecard,
  listScorecards,
  putScorecards,
  type ScorecardDraft,
  scorecardHistory,
  stepScorecard,
} from './store.ts'

const { scorecard: policy } = checkConfig(HubConfig, {}).policy
const day = 86_400_000
const draft = (
  subject: ScorecardDraft['subject'] = { kind: 'district', key: '430405' },
  up = 9 * day,
): ScorecardDraft => ({
  month: '2026-10',
  subject,
  policy,
  devices: 1,
  asOf: 7,
  totals: { up, down: day, unknown: 0, exempt: 0 },
  ...scoreCard({
    policy,
    coverage: { measured: up + day, due: up + day, least: 0.9, missing: 0, provenance: 'test' },
    measured: { online: { numerator: up, denominator: up + day } },
    stated: {},
  }),
})

/** Seals have tests of their own: here they hold. */
const holds: CheckSeal = async ({ version }) => ({
  version,
  seq: 1,
  fingerprint: null,
  sealedAt: null,
  evidence: null,
  faults: [],
})

let record: RecordStore<ReportsData>
beforeEach(async () => {
  record = tablesOf(await openRecord(':memory:'))
})
afterEach(() => record.close())

const make = (drafts: ScorecardDraft[], actor = 'li', reason?: string) =>
  record.transaction((trx) => putScorecards(trx, drafts, { audit, actor, now: 1_000, reason }))
const step = (id: string, name: 'review' | 'reopen' | 'lock', actor: string, now = 2_000) =>
  record.transaction((trx) => stepScorecard(trx, 'city', id, name, { audit, actor, now }))
const only = async () => (await listScorecards(record.db, 'city', { month: '2026-10' }))[0]!
const locked = async () => {
  await make([draft()])
  const { id } = await only()
  await step(id, 'review', 'wang')
  return step(id, 'lock', 'zhao')
}
const actions = async () =>
  (
    await tablesOf<AccessTables>(record)
      .db.selectFrom('audit')
      .select(['action', 'actor', 'subject'])
      .orderBy('id')
      .execute()
  ).map(({ action, actor, subject }) => `${actor} ${action} ${subject}`)

test('a draft is made again as the same card', async () => {
  await make([draft()])
  const first = await only()
  await make([draft(undefined, 19 * day)], 'zhao')
  expect(await only()).toMatchObject({ id: first.id, version: 1, totals: { up: 19 * day }, madeBy: 'zhao' })
})

test('reviewed by one and locked by another, every step in the audit log', async () => {
  const card = await locked()
  expect(card).toMatchObject({ status: 'locked', reviewedBy: 'wang', lockedBy: 'zhao', lockedAt: 2_000 })
  expect(card.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await actions()).toEqual([
    'li scorecard.make 2026-10 district 430405',
    'wang scorecard.review 2026-10 district 430405',
    'zhao scorecard.lock 2026-10 district 430405',
  ])
})

test('whoever reviewed may not lock, and nothing is kept of the try', async () => {
  await make([draft()])
  const { id } = await only()
  await step(id, 'review', 'wang')
  await expect(step(id, 'lock', 'wang')).rejects.toMatchObject({ code: 'approval.own' })
  expect((await only()).status).toBe('reviewed')
  expect(await actions()).toHaveLength(2)
})

test('a step out of order is refused with the legal ones named', async () => {
  await make([draft()])
  const { id } = await only()
  await expect(step(id, 'lock', 'zhao')).rejects.toThrow('a draft scorecard cannot go on like this: review')
  await expect(step((await locked()).id, 'reopen', 'zhao')).rejects.toMatchObject({ code: 'scorecard.step' })
})

test('a reviewed card is left alone until it is reopened', async () => {
  await make([draft()])
  const { id } = await only()
  await step(id, 'review', 'wang')
  await make([draft()])
  // The old card is no answer to who asks for a new one.
  await expect(make([draft(undefined, 19 * day)])).rejects.toThrow('1 reviewed ones differ: reopen them first')
  expect((await only()).totals.up).toBe(9 * day)
  await step(id, 'reopen', 'wang')
  await make([draft(undefined, 19 * day)])
  expect(await only()).toMatchObject({ totals: { up: 19 * day }, reviewedBy: null })
})

test('the database refuses to change, delete or replace a locked card', async () => {
  const { id } = await locked()
  const run = (sql: string) => () => record.sqlite.exec(sql)
  expect(run(`UPDATE scorecard SET card = '{}' WHERE id = '${id}'`)).toThrow('immutable')
  expect(run(`UPDATE scorecard SET status = 'draft' WHERE id = '${id}'`)).toThrow('immutable')
  expect(run(`DELETE FROM scorecard WHERE id = '${id}'`)).toThrow('immutable')
  const values = `'2026-10', 'district', '430405', 1, 'draft', '{}', NULL`
  expect(run(`INSERT OR REPLACE INTO scorecard VALUES ('other', ${values})`)).toThrow('immutable')
  expect(run(`INSERT OR REPLACE INTO scorecard VALUES ('${id}', ${values})`)).toThrow('immutable')
})

test('a locked card gets a new version only for a reason and a difference, and names both', async () => {
  const { hash, id } = await locked()
  await make([draft()], 'li', 'nothing came')
  expect((await only()).version).toBe(1)
  await expect(make([draft(undefined, 19 * day)])).rejects.toThrow('1 differ: give a reason')
  await make([draft(undefined, 19 * day)], 'li', 'late data')
  const second = await only()
  expect(second).toMatchObject({ version: 2, status: 'draft', reason: 'late data', previousHash: hash })
  expect(second.differences).toContainEqual({ field: 'totals.up', was: 9 * day, now: 19 * day })
  // Made again it still says why it is there, and against what.
  await make([draft(undefined, 29 * day)])
  const again = await only()
  expect(again).toMatchObject({ id: second.id, version: 2, reason: 'late data', previousHash: hash })
  expect(again.differences).toContainEqual({ field: 'totals.up', was: 9 * day, now: 29 * day })
  await expect(step(id, 'review', 'wang')).rejects.toThrow('there is a newer version')
})

test('pictures and records as they are now make no new version of a month that is locked', async () => {
  await locked()
  const later = scoreCard({
    policy,
    coverage: { measured: 10 * day, due: 10 * day, least: 0.9, missing: 0, provenance: 'test' },
    measured: { online: { numerator: 9 * day, denominator: 10 * day }, image: { numerator: 1, denominator: 2 } },
    stated: {},
  })
  await make([{ ...draft(), ...later }])
  expect((await only()).version).toBe(1)
})

test('where one card stands in the way nothing is made', async () => {
  await locked()
  const other = draft({ kind: 'district', key: '430481' })
  await expect(make([other, draft(undefined, 19 * day)])).rejects.toMatchObject({ code: 'scorecard.step' })
  expect(await listScorecards(record.db, 'city', { month: '2026-10' })).toHaveLength(1)
})

test('the history holds while every hash does', async () => {
  await locked()
  await make([draft(undefined, 19 * day)], 'li', 'late data')
  const { id } = await only()
  await step(id, 'review', 'wang')
  await step(id, 'lock', 'zhao')
  const history = await scorecardHistory(record.db, 'city', id, holds)
  expect(history.versions.map(({ version, status }) => [version, status])).toEqual([
    [2, 'locked'],
    [1, 'locked'],
  ])
  expect(history.whole).toBe(true)
})

test.each([
  ['a figure of the locked version', `UPDATE scorecard SET card = json_set(card, '$.score', 100) WHERE version = 1`],
  ['the hash of the first version', `UPDATE scorecard SET hash = '${'0'.repeat(64)}' WHERE version = 1`],
  ['the first version itself', 'DELETE FROM scorecard WHERE version = 1'],
])('whoever writes past the triggers to %s is found out', async (_, forgery) => {
  await locked()
  await make([draft(undefined, 19 * day)], 'li', 'late data')
  const { id } = await only()
  record.sqlite.exec('DROP TRIGGER scorecard_locked_no_update; DROP TRIGGER scorecard_locked_no_delete')
  record.sqlite.exec(forgery)
  expect((await scorecardHistory(record.db, 'city', id, holds)).whole).toBe(false)
})

test("a district's viewer sees its cards; a carrier's card, which is of the whole city, only who sees the city", async () => {
  await make([draft(), draft({ kind: 'district', key: '430481' }, day), draft({ kind: 'carrier', key: 'telecom' })])
  const seen = async (scope: 'city' | ['430405']) =>
    (await listScorecards(record.db, scope, { month: '2026-10' })).map(({ subject }) => subject.key)
  expect(await seen('city')).toEqual(['430481', '430405', 'telecom'])
  expect(await seen(['430405'])).toEqual(['430405'])
  const carrier = (await listScorecards(record.db, 'city', { month: '2026-10', kind: 'carrier' }))[0]!
  await expect(findScorecard(record.db, ['430405'], carrier.id)).rejects.toMatchObject({ code: 'scorecard.unknown' })
})
