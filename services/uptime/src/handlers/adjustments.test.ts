/** Exemptions and corrections over HTTP: who may ask for what, who decides, and what it does to the figures. */
import type { AdjustmentRequest } from '@hub/contracts'
import { dayStart } from '@hub/core'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import type { UptimeTables } from '../tables.ts'

const hour = 3_600_000
const cameraA2 = '43040500001320000002'
const rule = JSON.stringify({ id: 'confirmed', count: 1, needed: 1, firstAt: 1, lastAt: 2 })

let hub: Hub
let today: number
beforeEach(async () => {
  hub = await startHub()
  await hub.importRecords([
    camera(cameraA, { poleNumber: 'P-1', powerSource: 'F-1' }),
    camera(cameraA2, { poleNumber: 'P-1', carrier: 'mobile' }),
    camera(cameraB, { poleNumber: 'P-9', powerSource: 'F-1' }),
  ])
  today = dayStart(hub.clock.now())
  await hub.record.db
    .updateTable('device')
    .set({ in_service_from: today - 24 * hour })
    .execute()
  // Of yesterday each was down from 06:00 to 12:00.
  for (const device of [cameraA, cameraA2, cameraB])
    for (const [from, to, state] of [
      [0, 6, 'up'],
      [6, 12, 'down'],
      [12, null, 'up'],
    ] as const)
      await hub.record.db
        .insertInto('interval')
        .values({
          device,
          from_at: today - (24 - from) * hour,
          to_at: to === null ? null : today - (24 - to) * hour,
          state,
          rule,
        })
        .execute()
})
afterEach(() => hub.stop())

const body = (more: Partial<AdjustmentRequest> = {}): AdjustmentRequest => ({
  kind: 'exemption',
  countAs: 'exempt',
  reason: '停电检修',
  applicant: '供电局',
  scope: { by: 'pole', values: ['P-1'] },
  from: today - 18 * hour,
  to: today - 12 * hour,
  ...more,
})
const apply = (user: string, more: Partial<AdjustmentRequest> = {}) =>
  hub.ask(user, 'requestAdjustment', { body: body(more) })
const decide = (user: string, id: string, decision: string) =>
  hub.ask(user, 'decideAdjustment', { params: { id }, body: { decision } })
const audited = async () =>
  (await hub.record.db.selectFrom('audit').selectAll().where('action', 'like', 'adjustment.%').execute()).map((a) => [
    a.actor,
    a.action,
  ])
const marked = () =>
  tablesOf<UptimeTables>(hub.record).db.selectFrom('uptime_dirty').selectAll().where('consumer', '=', 'days').execute()

it('is applied for by one, approved by another, withdrawn again: each step audited, told, and derived again', async () => {
  const { json: asked } = await apply('oper')
  expect(asked).toMatchObject({ status: 'requested', within: 'city', requestedBy: 'oper', devices: 2 })
  await tablesOf<UptimeTables>(hub.record).db.deleteFrom('uptime_dirty').execute()
  const own = await decide('oper', asked.id, 'approve')
  expect([own.status, own.json.code]).toEqual([403, 'approval.own'])
  expect((await decide('sys', asked.id, 'approve')).json).toMatchObject({ status: 'approved', decidedBy: 'sys' })
  expect((await marked()).map((d) => d.device)).toEqual([cameraA, cameraA2])
  await tablesOf<UptimeTables>(hub.record).db.deleteFrom('uptime_dirty').execute()
  const again = await decide('sys', asked.id, 'reject')
  expect([again.status, again.json.code]).toEqual([409, 'adjustment.decided'])
  expect((await decide('oper', asked.id, 'withdraw')).json.status).toBe('withdrawn')
  expect((await marked()).length).toBe(2)
  expect(await audited()).toEqual([
    ['oper', 'adjustment.request'],
    ['sys', 'adjustment.approve'],
    ['oper', 'adjustment.withdraw'],
  ])
  const told = hub.changes('adjustments').map(({ id }) => id)
  expect(told).toEqual([asked.id, asked.id, asked.id])
})

describe('what it names must be there, and the viewer’s', () => {
  it.each([
    [{ by: 'devices', values: [cameraB] }, 404, `there is no device ${cameraB}`],
    [{ by: 'devices', values: [cameraA, '4'.repeat(20)] }, 404, `there is no device ${'4'.repeat(20)}`],
    [{ by: 'pole', values: ['P-9'] }, 400, 'scope.values is P-9: no device of your districts has it'],
    [{ by: 'feed', values: ['F-1', 'F-2'] }, 400, 'scope.values is F-2: no device of your districts has it'],
    [{ by: 'district', values: ['430426'] }, 400, 'scope.values is 430426: is not in your districts'],
    [{ by: 'pole', values: ['P-1'], carriers: ['cable'] }, 400, 'scope.values is P-1: covers no device'],
  ] as const)('%j', async (scope, status, detail) => {
    for (const route of ['requestAdjustment', 'previewAdjustment'] as const) {
      const answer = await hub.ask('oper-a', route, { body: body({ scope: scope as never }) })
      expect([answer.status, answer.json.detail]).toEqual([status, detail])
    }
  })

  it('one of a feed never reaches beyond the districts of whoever entered it', async () => {
    const { json } = await apply('oper-a', { scope: { by: 'feed', values: ['F-1'] } })
    expect(json).toMatchObject({ within: ['430405'], devices: 1 })
    expect((await hub.ask('oper', 'adjustments')).json).toMatchObject([{ id: json.id, devices: 1 }])
    expect((await hub.ask('oper-b', 'adjustments')).json).toEqual([])
    for (const [route, more] of [
      ['adjustmentEffect', {}],
      ['decideAdjustment', { body: { decision: 'approve' } }],
    ] as const) {
      const { status, json: problem } = await hub.ask('oper-b', route, { params: { id: json.id }, ...more })
      expect([status, problem.code]).toEqual([404, 'adjustment.unknown'])
    }
  })

  it('one over two districts is shown to each without the devices of the other, and decided by neither', async () => {
    const { json } = await apply('sys', { scope: { by: 'devices', values: [cameraA, cameraB] } })
    const { text, json: list } = await hub.ask('oper-a', 'adjustments')
    expect(list).toMatchObject([{ scope: { values: [cameraA] }, devices: 1 }])
    expect(text).not.toContain(cameraB)
    const refused = await decide('oper-a', json.id, 'approve')
    expect([refused.status, refused.json.code]).toEqual([403, 'permission.denied'])
    expect((await decide('oper-a', json.id, 'withdraw')).status).toBe(403)
    expect((await decide('oper', json.id, 'approve')).status).toBe(200)
  })
})

describe('before and after', () => {
  const day = { down: 6 * hour, unknown: 0 }

  it('of an exemption: what was down is exempt, over the whole day that it reaches into', async () => {
    const { json } = await hub.ask('oper', 'previewAdjustment', { body: body() })
    expect(json).toMatchObject({ devices: 2, from: today - 24 * hour, to: today })
    expect(json.before).toEqual({ ...day, up: 36 * hour, down: 12 * hour, exempt: 0 })
    expect(json.after).toEqual({ ...day, up: 36 * hour, down: 0, exempt: 12 * hour })
    expect([json.rateBefore, json.rateAfter]).toEqual([0.75, 1])
    expect(json.districts).toMatchObject([{ district: '430405', devices: 2, rateBefore: 0.75, rateAfter: 1 }])
    expect((await hub.ask('oper', 'adjustments')).json).toEqual([])
  })

  it('of an approved one is against the others, not against itself', async () => {
    const scope: AdjustmentRequest['scope'] = { by: 'district', values: ['430405'] }
    const correction = { kind: 'correction', countAs: 'up', scope } as const
    const { json: one } = await apply('oper', { ...correction, from: today - 18 * hour, to: today - 15 * hour })
    const { json: two } = await apply('oper', { ...correction, from: today - 18 * hour, to: today - 12 * hour })
    await decide('sys', one.id, 'approve')
    await decide('sys', two.id, 'approve')
    const { json } = await hub.ask('oper', 'adjustmentEffect', { params: { id: two.id } })
    expect([json.before.down, json.after.down]).toEqual([6 * hour, 0])
  })

  it('of windows that come back: only their days, and nothing that is not past', async () => {
    const recurrence = { start: '06:00', minutes: 60 }
    const { json } = await hub.ask('oper', 'previewAdjustment', {
      body: body({ from: today - 24 * hour, to: today + 240 * hour, recurrence }),
    })
    expect(json).toMatchObject({ from: today - 24 * hour, to: hub.clock.now() })
    const total = 2 * (hub.clock.now() - today + 24 * hour)
    const sum = ({ up, down, unknown, exempt }: typeof json.after) => up + down + unknown + exempt
    expect([sum(json.before), sum(json.after)]).toEqual([total, total])
    expect(json.before.down - json.after.down).toBe(2 * hour)
  })

  it('counts only time in service', async () => {
    await hub.record.db
      .updateTable('device')
      .set({ in_service_from: today - 15 * hour })
      .execute()
    const { json } = await hub.ask('oper', 'previewAdjustment', { body: body() })
    expect(json.before).toEqual({ up: 24 * hour, down: 6 * hour, unknown: 0, exempt: 0 })
  })
})

describe('while an exemption holds', () => {
  const overview = async () => (await hub.ask('oper', 'overview')).json
  const exempt = async (more: Partial<AdjustmentRequest>) => {
    const { json } = await apply('oper', more)
    await decide('sys', json.id, 'approve')
    return json.id as string
  }

  it('its devices are exempt in the snapshots, from its beginning to its end or its withdrawal', async () => {
    const now = hub.clock.now()
    await exempt({ from: now + 60_000, to: now + 240_000 })
    expect((await overview()).city.now.exempt).toBe(0)
    await hub.clock.advanceAsync(121_000)
    const { city, districts, carriers } = await overview()
    const of = (list: { key: string }[], key: string) => list.find((g) => g.key === key)
    expect([city.now.exempt, city.now.unknown, city.now.due]).toEqual([2, 1, 3])
    expect(of(districts, '430405')).toMatchObject({ now: { exempt: 2, rate: null } })
    expect(of(carriers, 'mobile')).toMatchObject({ now: { exempt: 1 } })
    const rows = (await hub.ask('oper', 'districts')).json
    expect(rows.find((d: { code: string }) => d.code === '430405').now.exempt).toBe(2)
    await hub.clock.advanceAsync(181_000)
    expect((await overview()).city.now.exempt).toBe(0)
    const id = await exempt({ from: now, to: now + 600_000 })
    expect((await overview()).city.now.exempt).toBe(2)
    await decide('oper', id, 'withdraw')
    expect((await overview()).city.now.exempt).toBe(0)
  })

  it('streams tell that it changed, and its devices count it in their days and intervals', async () => {
    const stream = await hub.openStream('oper')
    await expect.poll(() => stream.of('snapshot').length).toBe(1)
    const id = await exempt({})
    await hub.clock.advanceAsync(500)
    await expect.poll(() => stream.of('changed')).toContainEqual({ what: 'adjustments', id })
    await stream.close()
    const { days } = (await hub.ask('oper', 'device', { params: { id: cameraA } })).json
    expect(days.at(-2)).toMatchObject({ up: 18 * 3_600, down: 0, unknown: 0, exempt: 6 * 3_600 })
    const query = `?from=${today - 24 * hour}&to=${today}`
    const { totals, rate } = (await hub.ask('oper', 'intervals', { params: { id: cameraA }, query })).json
    expect([totals, rate]).toEqual([{ up: 18 * hour, down: 0, unknown: 0, exempt: 6 * hour }, 1])
    const other = (await hub.ask('oper', 'intervals', { params: { id: cameraB }, query })).json
    expect(other.totals).toEqual({ up: 18 * hour, down: 6 * hour, unknown: 0, exempt: 0 })
  })
})

it('the intervals of a device say where one counts, and why; the evidence stays as it is', async () => {
  const { json } = await apply('oper')
  const query = `?from=${today - 14 * hour}&to=${today}`
  const told = async () => (await hub.ask('oper', 'intervals', { params: { id: cameraA }, query })).json
  expect((await told()).adjusted).toEqual([])
  await decide('sys', json.id, 'approve')
  const { adjusted, intervals, totals } = await told()
  expect(adjusted).toEqual([
    {
      from: today - 14 * hour,
      to: today - 12 * hour,
      countAs: 'exempt',
      kind: 'exemption',
      adjustment: json.id,
      reason: '停电检修',
    },
  ])
  expect(intervals[0]).toMatchObject({ from: today - 18 * hour, to: today - 12 * hour, state: 'down' })
  expect(totals).toEqual({ up: 12 * hour, down: 0, unknown: 0, exempt: 2 * hour })
  const other = await hub.ask('oper', 'intervals', { params: { id: cameraB }, query })
  expect(other.json.adjusted).toEqual([])
})
