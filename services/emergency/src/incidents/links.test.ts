/** Incidents that belong together, and what is similar. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import { incidentsOf } from '../testing/incidents.ts'

let hub: Hub
let on: ReturnType<typeof incidentsOf>
beforeEach(async () => {
  hub = await startHub()
  on = incidentsOf(hub)
})
afterEach(() => hub.stop())

describe('a merge', () => {
  it('gives its reports to the other, closes the one, and is in both logs', async () => {
    const a = await on.opened()
    const b = await on.opened({ title: '解放路内涝' })
    const child = await on.opened()
    await on.acted(child.id, { act: 'child-of', parent: b.id })
    expect(b.similar).toEqual([{ id: a.id, number: a.number, title: a.title, metres: 0, apartMs: 0 }])
    const merged = await on.acted(b.id, { act: 'merge', into: a.id, note: '同一处' })
    expect(merged).toMatchObject({ status: 'merged', mergedInto: a.id, similar: [], next: [], clock: null })
    expect(merged.log.at(-1)).toMatchObject({
      step: 'merge',
      note: '同一处',
      detail: { incident: a.id, number: a.number },
    })
    const into = await on.one(a.id)
    expect(into).toMatchObject({ reports: 2, status: 'received', children: [child.id] })
    expect(into.log.at(-1)).toMatchObject({ kind: 'link', detail: { act: 'merged', incident: b.id, number: b.number } })
    expect(into.revision).toBeGreaterThan(a.revision)
    expect([on.told(a.id), on.told(b.id)].every((count) => count >= 2)).toBe(true)
    expect(await on.audited(a.id)).toEqual(['cmdr incident.receive', 'cmdr incident.merged'])
    expect((await on.act(b.id, { act: 'verify' })).json.detail).toBe('verify is not possible now: it is over')
    expect((await on.act(b.id, { act: 'note', note: '补充' })).json.detail).toBe('note is not possible now: it is over')
  })

  it('is refused into itself, into what is over, across a drill, and beyond the districts', async () => {
    const a = await on.opened()
    const over = await on.opened()
    await on.acted(over.id, { act: 'dismiss', note: '误报' })
    const drill = await on.opened({ drill: true })
    const elsewhere = await on.opened({ point: { longitude: 112.1, latitude: 26.79 } })
    const into = async (id: string, user = 'cmdr') => (await on.act(a.id, { act: 'merge', into: id }, user)).json.detail
    expect(await into(a.id)).toBe(`into is ${a.number}: must be another one`)
    expect(await into(over.id)).toBe(`into is ${over.number}: is over: choose one that is open`)
    expect(await into(drill.id)).toBe(`into is ${drill.number}: a drill and a real incident are kept apart`)
    expect(await into(elsewhere.id, 'oper-a')).toBe(`there is no incident ${elsewhere.id}`)
    expect(await on.one(a.id)).toMatchObject({ status: 'received', revision: a.revision })
  })
})

describe('one under another', () => {
  it('is seen from both, and stands alone again', async () => {
    const [parent, child] = [await on.opened(), await on.opened()]
    expect(await on.acted(child.id, { act: 'child-of', parent: parent.id })).toMatchObject({ parent: parent.id })
    const up = await on.one(parent.id)
    expect(up.children).toEqual([child.id])
    expect(up.log.at(-1)?.detail).toEqual({ act: 'parent-of', incident: child.id, number: child.number })
    expect(await on.acted(child.id, { act: 'child-of', parent: null })).toMatchObject({ parent: null })
    expect((await on.one(parent.id)).children).toEqual([])
  })

  it('is never under itself, at any depth', async () => {
    const [a, b, c] = [await on.opened(), await on.opened(), await on.opened()]
    await on.acted(b.id, { act: 'child-of', parent: a.id })
    await on.acted(c.id, { act: 'child-of', parent: b.id })
    const under = async (id: string) => (await on.act(a.id, { act: 'child-of', parent: id })).json.detail
    expect(await under(a.id)).toBe(`parent is ${a.number}: must be another one`)
    expect(await under(c.id)).toBe(`parent is ${c.number}: would be under itself`)
    // Merged into its own grandchild, that takes its place: no circle.
    await on.acted(a.id, { act: 'merge', into: c.id })
    expect(await on.one(c.id)).toMatchObject({ parent: null, children: [b.id] })
    expect(await on.one(b.id)).toMatchObject({ parent: c.id, children: [] })
  })
})

it('particulars are corrected: only what differs is changed, with what stood there before', async () => {
  const { id, revision, district } = await on.opened()
  expect(await on.acted(id, { act: 'detail', title: '解放路积水', type: 'flood' })).toMatchObject({ revision })
  const now = await on.acted(id, {
    act: 'detail',
    title: '解放路严重积水',
    type: 'weather',
    point: { longitude: 112.6066, latitude: 26.8976 },
    casualties: { dead: 0, injured: 2, missing: 0 },
    warning: 'orange',
  })
  expect(now).toMatchObject({
    title: '解放路严重积水',
    type: 'weather',
    district,
    warning: 'orange',
    level: null,
    casualties: { injured: 2 },
    revision: revision + 1,
  })
  expect(now.log.at(-1)?.detail).toMatchObject({
    title: '解放路严重积水',
    titleWas: '解放路积水',
    injured: 2,
    injuredWas: 0,
  })
  expect((await on.act(id, { act: 'detail', type: 'fire' })).json.detail).toBe(
    'type is fire: must be a type of that class',
  )
})
