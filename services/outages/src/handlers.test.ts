/** Outages over HTTP: the board and the overview within the viewer's districts, steps with an audit line, the stream told at once, then once a second. */
import { topic } from '@hub/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../hub/src/testing/hub.ts'

const cameraA2 = '43040500001320000002'
const feeder = { kind: 'feed', key: '10kV 珠晖 I 线', mode: 'together' } as const
const city = '1800000000000-1'
const lone = '1800000000000-2'

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
  await hub.importRecords([camera(cameraA), camera(cameraA2), camera(cameraB)])
  await hub.putOutage(city, [cameraA, cameraB], feeder)
  await hub.putOutage(lone, [cameraA2])
})
afterEach(() => hub.stop())

const step = (user: string, id: string, body: object) => hub.ask(user, 'stepOutage', { params: { id }, body })
const acts = async () =>
  (await hub.record.db.selectFrom('audit').select(['actor', 'action', 'subject']).orderBy('id').execute())
    .filter(({ action }) => action.startsWith('outage.'))
    .map(({ actor, action, subject }) => `${actor} ${action} ${subject}`)

it('the board and the overview hold what the viewer may see: a group of devices comes first, a lone one only on the board', async () => {
  const { json } = await hub.ask('oper', 'outages')
  expect(json).toMatchObject({ total: 2, down: 3 })
  expect(json.outages.map((o: { id: string }) => o.id)).toEqual([city, lone])
  expect((await hub.ask('oper', 'overview')).json.outages).toEqual({
    total: 1,
    rows: [
      {
        id: city,
        cause: feeder,
        from: hub.clock.now(),
        districts: ['430405', '430426'],
        members: 2,
        down: 2,
        status: 'open',
      },
    ],
  })
  expect((await hub.ask('oper-b', 'outages')).json.outages.map((o: { id: string }) => o.id)).toEqual([city])
  const own = (await hub.ask('oper-b', 'overview')).json.outages
  expect(own.rows[0]).toMatchObject({ districts: ['430426'], members: 1, down: 1 })
  const none = await hub.ask('oper-b', 'overview', { query: '?district=430405' })
  expect(none.json.outages).toEqual({ total: 0, rows: [] })
})

it('an expected outage, and one that is over, are not among those that last', async () => {
  await hub.record.db.updateTable('outage').set({ expected: 1 }).execute()
  expect((await hub.ask('oper', 'overview')).json.outages).toEqual({ total: 0, rows: [] })
  await hub.record.db.updateTable('outage').set({ expected: 0, down: 0, to_at: hub.clock.now() }).execute()
  expect((await hub.ask('oper', 'overview')).json.outages.total).toBe(0)
})

describe('one outage', () => {
  it('shows its members of the own districts, and how many others there are', async () => {
    const { json } = await hub.ask('oper-b', 'outage', { params: { id: city } })
    expect(json.members.map((m: { device: string }) => m.device)).toEqual([cameraB])
    expect(json.hidden).toBe(true)
    expect((await hub.ask('oper-b', 'outage', { params: { id: lone } })).json.code).toBe('outage.unknown')
  })

  it('is acknowledged, resolved only when all are back; each step is told of and in the audit', async () => {
    const told = () => hub.changes('outages').map(({ id }) => id)
    expect((await step('cmdr', city, { step: 'acknowledge' })).json).toMatchObject({
      status: 'acknowledged',
      assignee: 'cmdr',
      acknowledgedAt: hub.clock.now(),
    })
    const refused = await step('oper', city, { step: 'resolve' })
    expect(refused.json).toMatchObject({ status: 409, code: 'outage.step' })
    expect((await step('contr', city, { step: 'start' })).json.code).toBe('permission.denied')
    expect((await step('oper-b', lone, { step: 'comment', note: '看看' })).json.code).toBe('outage.unknown')
    expect((await step('oper', lone, { step: 'comment', note: '已联系供电局' })).status).toBe(200)
    expect(told()).toEqual([city, lone])
    expect(await acts()).toEqual([`cmdr outage.acknowledge ${city}`, `oper outage.comment ${lone}`])
  })
})

it('is judged by whom may handle outages, where all of it is his to see; what is said is told of and in the audit', async () => {
  const judge = (user: string, id: string, body: object) => hub.ask(user, 'judgeOutage', { params: { id }, body })
  const split = { act: 'split', devices: [cameraA], reason: '现场确认' }
  expect((await judge('contr', city, split)).json.code).toBe('permission.denied')
  expect((await judge('oper-b', city, split)).json).toMatchObject({ status: 409, code: 'outage.judgement' })
  expect((await judge('oper-b', city, split)).json.detail).toContain('districts')
  expect((await judge('oper', city, { ...split, reason: ' ' })).json.code).toBe('request.invalid')
  expect((await judge('oper', city, split)).json.judgements).toMatchObject([
    { act: 'split', actor: 'oper', devices: 1, effect: 'pending', was: feeder },
  ])
  expect((await judge('oper', city, split)).json.detail).toContain('not in effect yet')
  expect((await hub.ask('oper-b', 'outage', { params: { id: city } })).json.judgements).toMatchObject([
    { devices: 0, others: [] },
  ])
  expect((await judge('cmdr', lone, { act: 'confirm', reason: '属实' })).status).toBe(200)
  expect((await hub.ask('oper', 'outageCauses', { params: { id: city } })).json.choices).toContainEqual({
    kind: 'district',
    key: '430405',
    members: 1,
  })
  expect(hub.changes('outages').map(({ id }) => id)).toEqual([city, lone])
  expect(await acts()).toEqual([`oper outage.split ${city}`, `cmdr outage.confirm ${lone}`])
})

it('a closed outage may be reopened within the window, and is told until when; later that is refused with the limit', async () => {
  await hub.record.db.updateTable('outage').set({ down: 0, to_at: hub.clock.now() }).execute()
  const detail = async () => (await hub.ask('oper', 'outage', { params: { id: city } })).json
  expect((await detail()).reopenUntil).toBeNull()
  const shut = async () => {
    await step('oper', city, { step: 'resolve' })
    await step('oper', city, { step: 'close' })
  }
  await shut()
  const windowMs = 72 * 3_600_000
  expect((await detail()).reopenUntil).toBe(hub.clock.now() + windowMs)
  const closedAt = (at: number) => hub.record.db.updateTable('outage').set({ closed_at: at }).execute()
  await closedAt(hub.clock.now() - windowMs)
  expect((await step('oper', city, { step: 'reopen' })).json).toMatchObject({ status: 'open', reopened: 1 })
  await shut()
  await closedAt(hub.clock.now() - windowMs - 1)
  const late = await step('oper', city, { step: 'reopen' })
  expect(late.json).toMatchObject({ status: 409, code: 'outage.reopen-late' })
  // As the city's clocks say.
  const limit = new Date(hub.clock.now() - 1 + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
  expect(late.json.detail).toContain(`${limit} (UTC+8)`)
  expect((await detail()).outage.status).toBe('closed')
})

it('a device says the outage that it is down in, until it is back', async () => {
  const outage = async () => (await hub.ask('oper', 'device', { params: { id: cameraA } })).json.outage
  expect(await outage()).toEqual({ id: city, cause: feeder, from: hub.clock.now() })
  await hub.record.db
    .updateTable('outage_member')
    .set({ to_at: hub.clock.now() })
    .where('device', '=', cameraA)
    .execute()
  expect(await outage()).toBeNull()
})

it('the stream of whose districts it is in is told at once, then once a second: which one, or that there were several', async () => {
  const stream = await hub.openStream('oper')
  const elsewhere = await hub.openStream('oper-b')
  const districts: { [id: string]: string[] } = { [city]: ['430405', '430426'], [lone]: ['430405'] }
  const tell = (id: string | null) =>
    hub.bus.deliver(topic('changed'), {
      v: 1,
      at: hub.clock.now(),
      what: 'outages',
      id,
      districts: id === null ? ['430405', '430426'] : districts[id],
    })
  const one = { what: 'outages', id: city }
  const several = { what: 'outages', id: null }
  await tell(city)
  await expect
    .poll(async () => {
      await hub.clock.advanceAsync(20)
      return stream.of('changed')
    })
    .toEqual([one])
  for (const id of [city, lone, city]) await tell(id)
  await hub.clock.advanceAsync(300)
  expect(stream.of('changed')).toEqual([one])
  await hub.clock.advanceAsync(1_100)
  await expect.poll(() => stream.of('changed')).toEqual([one, several])
  await hub.clock.advanceAsync(1_100)
  await tell(lone)
  await hub.clock.advanceAsync(1_100)
  await expect.poll(() => stream.of('changed')).toEqual([one, several, { what: 'outages', id: lone }])
  // More than can be named: everybody reads the board again.
  await tell(null)
  await hub.clock.advanceAsync(1_100)
  await expect.poll(() => stream.of('changed').at(-1)).toEqual(several)
  // Of another district: neither of the lone one, nor that there is one.
  await expect.poll(() => elsewhere.of('changed')).toEqual([one, one, several])
  for (const open of [stream, elsewhere]) await open.close()
})
