import type { DistrictCode, OutageAction } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { describe, expect, it } from 'vitest'
import { wireTestDeps } from '../../hub/src/testing/deps.ts'
import { openRecord } from '../../hub/src/testing/record.ts'
import { outageLives, stepOutage, takeAutomaticTransition } from './actions.ts'
import { listOutages } from './board.ts'
import { findOutage } from './detail.ts'
import { correctOutages, loadOutages, type OutageState, outageWriter } from './store.ts'
import type { OutagesDb } from './tables.ts'

const now = 1_800_000_000_000
const query = { view: 'current', lone: 'yes', limit: 500 } as const
const east: DistrictCode[] = ['430405']
const west: DistrictCode[] = ['430421']
const camera = (district: string, n: number) => `${district}0000132${String(n).padStart(7, '0')}`

const state = (id: string, over: Partial<OutageState> = {}): OutageState => ({
  id,
  cause: { kind: 'switch', key: 'SW-1', mode: 'together' },
  from: now,
  to: null,
  districts: ['430405'],
  evidence: { down: 2, of: 2, withinMs: 0, rejected: [] },
  expected: false,
  countsFrom: null,
  held: false,
  members: 2,
  down: 2,
  importance: 'normal',
  ...over,
})

/** Two cameras in the east, one in the west; `wide` reaches over both. */
async function city() {
  const record = tablesOf<OutagesDb>(await openRecord(':memory:'))
  const { deps } = wireTestDeps({ record: record as never })
  const put = record.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, updated_at)
     VALUES (?, ?, 'camera', 'safe-city', 'telecom', '3', 'in-service', ?, '', '{}', 0)`,
  )
  for (const [district, n] of [
    ['430405', 1],
    ['430405', 2],
    ['430421', 3],
  ] as const)
    put.run(camera(district, n), district, `camera ${n}`)
  const member = (outage: string, device: string, over = {}) => ({
    outage,
    device,
    from: now,
    to: null,
    sign: 'path' as const,
    expected: false,
    countsFrom: null,
    was: null,
    ...over,
  })
  await record.commit((sqlite) => {
    const write = outageWriter(sqlite, deps.audit)
    write.putFacts(state('east'), now)
    write.putMembers([member('east', camera('430405', 1)), member('east', camera('430405', 2))])
    write.putFacts(state('wide', { districts: ['430405', '430421'], from: now + 1, members: 3, down: 3 }), now)
    write.putMembers([
      member('wide', camera('430405', 1), { from: now + 1 }),
      member('wide', camera('430405', 2), { from: now + 1, to: now + 5 }),
      member('wide', camera('430421', 3), { from: now + 1 }),
    ])
    write.putChange('east', {
      at: now,
      change: 'opened',
      members: 2,
      down: 2,
      cause: state('east').cause,
    })
  })
  const { db } = record
  const step = (id: string, action: OutageAction, at = now + 10, scope: 'city' | DistrictCode[] = 'city') =>
    record.transaction((trx) => stepOutage(trx, deps, { scope, user: 'li' }, id, action, at))
  return { record, db, deps, step }
}

describe('what a viewer sees', () => {
  it('is every outage that touches his districts, with the devices of these only', async () => {
    const { db } = await city()
    expect(await listOutages(db, 'city', query, now)).toMatchObject({
      total: 2,
      down: 5,
      outages: [
        { id: 'wide', members: 3, down: 3 },
        { id: 'east', members: 2 },
      ],
    })
    const seen = await listOutages(db, west, query, now)
    expect(seen).toMatchObject({ total: 1, down: 1 })
    expect(seen.outages).toMatchObject([{ id: 'wide', members: 1, down: 1, districts: ['430421'] }])
    const { members, hidden } = await findOutage(db, east, 'wide', now)
    expect(members.map(({ device }) => device)).toEqual([camera('430405', 1), camera('430405', 2)])
    expect(hidden).toBe(true)
    await expect(findOutage(db, west, 'east', now)).rejects.toMatchObject({ code: 'outage.unknown' })
    await expect(findOutage(db, [], 'east', now)).rejects.toMatchObject({ code: 'outage.unknown' })
    expect(await listOutages(db, [], query, now)).toMatchObject({ total: 0, down: 0, outages: [] })
  })
  it.each([
    [{ district: west }, ['wide']],
    [{ district: east }, ['wide', 'east']],
    [{ kind: ['pole' as const] }, []],
    [{ assignee: '' }, ['wide', 'east']],
    [{ assignee: 'li' }, []],
    [{ device: camera('430421', 3) }, ['wide']],
    [{ view: 'closed' as const }, []],
    [{ before: now + 1 }, ['east']],
    [{ limit: 1 }, ['wide']],
  ])('is narrowed by %j', async (filter, ids) => {
    const { db } = await city()
    expect((await listOutages(db, 'city', { ...query, ...filter }, now)).outages.map(({ id }) => id)).toEqual(ids)
  })
  it('is problems first: what nobody handles, then what is handled, then what was expected, then what is over', async () => {
    const { db, record, step, deps } = await city()
    await record.commit((sqlite) => {
      const write = outageWriter(sqlite, deps.audit)
      write.putFacts(state('planned', { expected: true, down: 90 }), now)
      write.putFacts(state('over', { down: 0, to: now }), now)
    })
    await step('wide', { step: 'acknowledge' })
    await step('over', { step: 'resolve' })
    const { outages } = await listOutages(db, 'city', query, now)
    expect(outages.map(({ id }) => id)).toEqual(['east', 'wide', 'planned', 'over'])
  })
  it('names past outages of the same cause or of the same devices', async () => {
    const { db } = await city()
    const { similar } = await findOutage(db, 'city', 'wide', now)
    expect(similar).toMatchObject([{ id: 'east', shared: 2, members: 2 }])
  })
})

describe('a step of a person', () => {
  it('changes status and owner, and leaves a line of its life and of the audit', async () => {
    const { db, record, step } = await city()
    expect(await step('east', { step: 'acknowledge', note: 'on my way' })).toMatchObject({
      status: 'acknowledged',
      assignee: 'li',
      acknowledgedAt: now + 10,
    })
    const { steps } = await findOutage(db, 'city', 'east', now)
    expect(steps).toEqual([{ at: now + 10, actor: 'li', step: 'acknowledge', note: 'on my way', orders: null }])
    expect(record.sqlite.prepare('SELECT actor, action, subject FROM audit').all()).toEqual([
      { actor: 'li', action: 'outage.acknowledge', subject: 'east' },
    ])
  })
  it('is refused with what is legal', async () => {
    const { step } = await city()
    await expect(step('east', { step: 'close' })).rejects.toMatchObject({ code: 'outage.step' })
    await expect(step('east', { step: 'resolve' })).rejects.toThrow(/legal is acknowledge, start/)
    await expect(step('east', { step: 'comment', note: 'x' }, now, west)).rejects.toMatchObject({
      code: 'outage.unknown',
    })
    const week = 7 * 86_400_000
    await expect(step('east', { step: 'silence', until: now + week + 11 })).rejects.toMatchObject({
      code: 'request.invalid',
      params: { field: 'until' },
    })
    await expect(step('east', { step: 'assign', assignee: 'nobody' })).rejects.toMatchObject({
      code: 'request.invalid',
      params: { field: 'assignee' },
    })
  })
  it('does not resolve for the whole city what is up in his district only', async () => {
    const { record, step } = await city()
    record.sqlite.exec("UPDATE outage_member SET to_at = 1 WHERE device LIKE '430421%'")
    await expect(step('wide', { step: 'resolve' }, now, west)).rejects.toMatchObject({ code: 'outage.step' })
  })
  it('keeps open what he has opened again, though all is up', async () => {
    const { record, step, deps, db } = await city()
    await record.commit((sqlite) =>
      outageWriter(sqlite, deps.audit).putFacts(state('east', { down: 0, to: now + 1 }), now + 1),
    )
    await step('east', { step: 'resolve' }, now + 2)
    await step('east', { step: 'reopen' }, now + 3)
    expect((await outageLives(db)).map(({ id }) => id)).toEqual(['wide'])
  })
})

describe('what the room writes', () => {
  it('opens again what was closed and is down again', async () => {
    const { db, record, deps } = await city()
    await record.transaction(async (trx) => {
      await takeAutomaticTransition(trx, deps, 'east', 'resolve', now + 1)
      await takeAutomaticTransition(trx, deps, 'east', 'close', now + 2)
    })
    await record.commit((sqlite) => outageWriter(sqlite, deps.audit).putFacts(state('east'), now + 3))
    expect((await findOutage(db, 'city', 'east', now)).outage).toMatchObject({ status: 'open', reopened: 1 })
  })
  it('lets an outage that was merged be found where it went, with who owned it', async () => {
    const { db, record, step, deps } = await city()
    await step('east', { step: 'start' })
    await record.commit((sqlite) => outageWriter(sqlite, deps.audit).merge('east', 'wide', now + 20))
    const { outage } = await findOutage(db, 'city', 'east', now)
    expect(outage).toMatchObject({ id: 'wide', status: 'in-progress', assignee: 'li' })
    expect((await listOutages(db, 'city', { ...query, view: 'all' }, now)).total).toBe(1)
  })
  it('is read again after a crash: members that no outage has are dropped, and an outage without members is over', async () => {
    const { db, record } = await city()
    record.sqlite.exec(
      "DELETE FROM outage WHERE id = 'wide'; UPDATE outage_member SET outage = 'lost' WHERE outage = 'east'",
    )
    expect(await record.commit(correctOutages)).toEqual(['east'])
    expect(loadOutages(record.sqlite, 0)).toEqual([])
    expect(record.sqlite.prepare('SELECT count(*) AS n FROM outage_member').get()).toEqual({ n: 0 })
    expect((await findOutage(db, 'city', 'east', now)).outage).toMatchObject({ down: 0, to: now })
  })
  it('is what it was before a start', async () => {
    const { record } = await city()
    const [east] = loadOutages(record.sqlite, 0).filter(({ id }) => id === 'east')
    expect(east).toMatchObject({
      cause: { kind: 'switch', key: 'SW-1', mode: 'together' },
      reported: 2,
      changes: [{ change: 'opened' }],
      episodes: [1, 2].map((n) => ({ device: camera('430405', n), from: now, to: null, sign: 'path', outage: 'east' })),
    })
  })
})
