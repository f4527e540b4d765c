/** Monthly scorecards over HTTP: made, reviewed by one, locked by another, corrected by a new version. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { camera, cameraA, cameraB, gatewayB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'

const rule = JSON.stringify({ id: 'confirmed', count: 1, needed: 1, firstAt: 1, lastAt: 2 })
const begin = Date.parse('2026-12-01T00:00+08:00')
const hour = 3_600_000

let hub: Hub
/** A seventh of the month is measured: enough for these. */
const coverage = { least: 0.1 }

async function open(policy: object = {}) {
  hub = await startHub({}, { policy: { coverage, ...policy } })
  await hub.importRecords([
    camera(cameraA, { inServiceAt: '2026-11-01' }),
    camera(cameraB, { inServiceAt: '2026-11-01', carrier: 'mobile' }),
  ])
  for (const [device, hours] of [
    [cameraA, 100],
    [cameraB, 50],
  ] as const) {
    const put = (from_at: number, to_at: number, state: string) =>
      hub.record.db.insertInto('interval').values({ device, from_at, to_at, state, rule }).execute()
    await put(begin, begin + hours * hour, 'up')
    await put(begin + hours * hour, begin + 100 * hour + 1, 'down')
  }
}
beforeEach(() => open())
afterEach(() => hub.stop())

const make = (user: string, more: object = {}) =>
  hub.ask(user, 'makeScorecards', { body: { month: '2026-12', kind: 'district', ...more } })
const step = (user: string, id: string, what: string, unaccounted?: string[]) =>
  hub.ask(user, 'stepScorecard', { params: { id }, body: { step: what, unaccounted } })
const keys = (cards: { subject: { key: string } }[]) => cards.map((card) => card.subject.key)

it('are made for each district that the viewer sees, worst first; the last whole month is shown', async () => {
  const { json } = await make('oper')
  expect(keys(json.cards)).toEqual(['430426', '430405'])
  expect(json.cards[0]).toMatchObject({ status: 'draft', version: 1, devices: 1, madeBy: 'oper' })
  expect(keys((await hub.ask('oper', 'scorecards')).json.cards)).toEqual(['430426', '430405'])
  expect(keys((await hub.ask('oper-a', 'scorecards')).json.cards)).toEqual(['430405'])
  expect(keys((await make('oper-b')).json.cards)).toEqual(['430426'])
  expect((await make('oper-a', { kind: 'carrier' })).json.cards).toEqual([])
  expect((await make('oper', { month: '2027-06' })).json.field).toBe('month')
})

it('one reviews, another locks; what differs later is a new version with a reason, and the hashes hold', async () => {
  const { json } = await make('oper-b')
  const [{ id }] = json.cards
  expect((await step('oper', id, 'lock')).json.code).toBe('scorecard.step')
  expect((await step('oper', id, 'review')).json.status).toBe('reviewed')
  expect((await step('oper', id, 'lock')).json.code).toBe('approval.own')
  const locked = (await step('sys', id, 'lock', [gatewayB])).json
  expect(locked).toMatchObject({ status: 'locked', lockedBy: 'sys', unaccounted: [{ gateway: gatewayB }] })
  expect(locked.hash).toMatch(/^[0-9a-f]{64}$/)
  await hub.record.db
    .updateTable('interval')
    .set({ state: 'up' })
    .where('device', '=', cameraB)
    .where('state', '=', 'down')
    .execute()
  const refused = await make('oper-b')
  expect([refused.status, refused.json.code]).toEqual([409, 'scorecard.step'])
  // Flagged wherever it is shown until there is a new version.
  const flagged = (changed: { id: string; differences: { field: string }[] }[]) =>
    changed.map((one) => [one.id, one.differences.map(({ field }) => field)])
  const change = [[id, ['totals.up', 'totals.down', 'lines.online.value', 'lines.online.numerator']]]
  expect(flagged((await hub.ask('oper', 'scorecards')).json.changed)).toEqual(change)
  expect(flagged((await hub.ask('oper-b', 'scorecardHistory', { params: { id } })).json.changed)).toEqual(change)
  expect((await hub.ask('oper-a', 'scorecards')).json.changed).toEqual([])
  const { json: again } = await make('oper-b', { reason: '迟到数据' })
  expect(again.cards).toMatchObject([{ version: 2, status: 'draft', reason: '迟到数据', previousHash: locked.hash }])
  expect(again.cards[0].differences.length).toBeGreaterThan(0)
  const { json: history } = await hub.ask('oper-b', 'scorecardHistory', { params: { id } })
  expect([history.versions.length, history.whole]).toEqual([2, true])
})

it('of another district there are none', async () => {
  const [{ id }] = (await make('oper-b')).json.cards
  for (const answer of [
    await step('oper-a', id, 'review'),
    await hub.ask('oper-a', 'scorecardHistory', { params: { id } }),
  ])
    expect([answer.status, answer.json.code]).toEqual([404, 'scorecard.unknown'])
})

const reviewed = async () => {
  const [{ id }] = (await make('oper-b')).json.cards
  await step('oper', id, 'review')
  return id
}
const drained = (at: number) =>
  hub.record.db.updateTable('gateway').set({ drained_at: at }).where('id', '=', gatewayB).execute()
const monthEnd = Date.parse('2027-01-01T00:00+08:00')

it('a month is not locked before its end and the grace for late data', async () => {
  await hub.stop()
  await open({ lock: { graceHours: 744 } })
  await drained(monthEnd)
  const id = await reviewed()
  const { json } = await hub.ask('oper-b', 'scorecardHistory', { params: { id } })
  expect(json.lock).toMatchObject({ notBefore: monthEnd + 744 * hour, unaccounted: [] })
  const early = await step('sys', id, 'lock')
  expect([early.status, early.json.code]).toEqual([409, 'scorecard.early'])
  expect(early.json.detail).toContain('2027-02-01 00:00:00')
})

it('every gateway has delivered the month, or is named as missing', async () => {
  await drained(monthEnd - 1)
  const id = await reviewed()
  const waiting = await step('sys', id, 'lock')
  expect([waiting.status, waiting.json.code]).toEqual([409, 'scorecard.spools'])
  await drained(monthEnd)
  expect((await step('sys', id, 'lock')).json.status).toBe('locked')
})

it('a card that is not what the data says now is neither reviewed nor locked', async () => {
  await drained(monthEnd)
  const id = await reviewed()
  await hub.record.db.updateTable('interval').set({ state: 'up' }).where('device', '=', cameraB).execute()
  const stale = await step('sys', id, 'lock')
  expect([stale.status, stale.json.code]).toEqual([409, 'scorecard.stale'])
  expect((await make('oper-b')).json.code).toBe('scorecard.step')
  await step('oper', id, 'reopen')
  expect((await step('oper', id, 'review')).json.code).toBe('scorecard.stale')
  await make('oper-b')
  await step('oper', id, 'review')
  expect((await step('sys', id, 'lock')).json.status).toBe('locked')
})
