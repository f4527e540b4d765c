/** Who is told of a failure that began on a ground for telling nobody, and when, once that ground has ended: each ground in turn. */
import { tablesOf } from '@hub/platform'
import { describe, expect, it } from 'vitest'
import { notifyModule } from '../../notify/src/module.ts'
import { stepOutage } from './actions.ts'
import { outagesModule } from './module.ts'
import type { OutagesDb } from './tables.ts'
import { cameraId, createRig, type Rig } from './testing/rig.ts'

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => cameraId(from + n))
/** Behind one switch. */
const cut = ids(0, 10)
const say = (rig: Rig, devices: readonly string[], state: 'up' | 'down') => {
  for (const device of devices) rig.say(device, state)
}
const second = 1_000
const minute = 60 * second
const day = 86_400 * second

/** The room and the one that tells, past the start-up grace; a group is held for a minute. */
async function city(options: Parameters<typeof createRig>[0] = {}, pass = 40) {
  const channels = [{ id: 'duty', name: 'duty', kind: 'mqtt', topic: 'hub/v1/notices/duty', least: 'low' }]
  const rig = await createRig({ modules: [outagesModule, notifyModule], ...options, config: { channels } })
  await rig.pass(pass)
  return rig
}

/** An approved exemption of the ten, from a minute ago. */
function exempt(rig: Rig, { lasts = 5 * minute, decidedAt = 0, recurrence = null as object | null } = {}) {
  const now = rig.clock.now()
  const [from, to] = recurrence ? [now - day, now + 9 * day] : [now - minute, now + lasts]
  rig.record.sqlite
    .prepare(
      `INSERT INTO adjustment (id, kind, count_as, status, scope, within, from_at, to_at, recurrence, reason, applicant, requested_by,
         requested_at, decided_at) VALUES ('a', 'exemption', 'exempt', 'approved', ?, '"city"', ?, ?, ?, 'r', 'x', 'y', 0, ?)`,
    )
    .run(JSON.stringify({ by: 'devices', values: cut }), from, to, recurrence && JSON.stringify(recurrence), decidedAt)
}
const told = (rig: Rig) =>
  rig.record.sqlite
    .prepare('SELECT kind FROM notification ORDER BY id')
    .all()
    .map(({ kind }) => kind)
const sent = (rig: Rig) => rig.told.filter((line) => line.startsWith('hub/v1/notices/duty')).length

async function theOne(rig: Rig) {
  const { outages } = await rig.board('all')
  expect(outages).toHaveLength(1)
  const { outage, changes, members } = await rig.detail(outages[0]!.id)
  return { ...outage, lines: changes.map(({ change }) => change), onsets: members.map(({ from }) => from) }
}

/** From the end of the ground on: held for a minute, told once. */
async function heldThenTold(rig: Rig, what = 'opening', before: string[] = []) {
  await rig.pass(56)
  expect(told(rig)).toEqual(before)
  await rig.pass(10)
  expect(told(rig)).toEqual([...before, what])
  await rig.pass(20 * 60)
  expect(told(rig)).toEqual([...before, what])
  expect(sent(rig)).toBe(before.length + 1)
}

describe('what fails inside an exemption', () => {
  it('is expected and told to nobody while that holds; then it is held, and told once, with its true onset', async () => {
    const rig = await city()
    exempt(rig)
    const onset = rig.clock.now()
    say(rig, cut, 'down')
    await rig.pass(299)
    expect(await theOne(rig)).toMatchObject({ expected: true, countsFrom: null, lines: ['opened'] })
    await rig.pass(2)
    const after = await theOne(rig)
    expect(after).toMatchObject({ expected: false, from: onset, lines: ['opened', 'unexpected'], escalation: 0 })
    expect(after.countsFrom! - onset).toBe(5 * minute)
    expect(after.onsets).toEqual(cut.map(() => onset))
    expect(rig.told.filter((line) => line.startsWith('hub/v1/notices/duty'))).toEqual([])
    await heldThenTold(rig)
    // Nobody has acted for half an hour since the end, not since the onset.
    expect((await theOne(rig)).escalation).toBe(0)
    await rig.pass(9 * 60)
    expect((await theOne(rig)).escalation).toBe(1)
    expect(told(rig)).toEqual(['opening', 'escalated'])
  })

  it('is over before its end: nobody is told, and it stays what it was', async () => {
    const rig = await city()
    exempt(rig)
    say(rig, cut, 'down')
    await rig.pass(200)
    say(rig, cut, 'up')
    await rig.pass(600)
    expect(await theOne(rig)).toMatchObject({ expected: true, status: 'resolved', lines: ['opened', 'resolved'] })
    expect(told(rig)).toEqual([])
  })

  it('is back within the hold after its end: nobody is told', async () => {
    const rig = await city()
    exempt(rig)
    say(rig, cut, 'down')
    await rig.pass(320)
    say(rig, cut, 'up')
    await rig.pass(600)
    expect(told(rig)).toEqual([])
  })

  it('is not expected any more though nine of ten came back meanwhile', async () => {
    const rig = await city()
    exempt(rig)
    say(rig, cut, 'down')
    await rig.pass(100)
    say(rig, cut.slice(1), 'up')
    await rig.pass(202)
    expect(await theOne(rig)).toMatchObject({ expected: false, down: 1, members: 10 })
    await heldThenTold(rig)
  })

  it('counts from when the exemption was withdrawn', async () => {
    const rig = await city()
    exempt(rig, { lasts: day })
    say(rig, cut, 'down')
    await rig.pass(100)
    rig.record.sqlite.exec("UPDATE adjustment SET status = 'withdrawn'")
    await rig.pass(2)
    expect(await theOne(rig)).toMatchObject({ expected: false, lines: ['opened', 'unexpected'] })
    await heldThenTold(rig)
  })

  it('counts from the new end of one that was shortened', async () => {
    const rig = await city()
    exempt(rig, { lasts: day })
    say(rig, cut, 'down')
    await rig.pass(100)
    rig.record.sqlite.exec(`UPDATE adjustment SET to_at = ${rig.clock.now() + 100 * second}`)
    await rig.pass(99)
    expect(await theOne(rig)).toMatchObject({ expected: true })
    await rig.pass(2)
    expect(await theOne(rig)).toMatchObject({ expected: false, lines: ['opened', 'unexpected'] })
    await heldThenTold(rig)
  })
})

it('a maintenance window that comes back: what died in it is told after it, and not anew after that of each night', async () => {
  const rig = await city()
  const inCity = new Date(rig.clock.now() + 8 * 3_600_000).toISOString()
  exempt(rig, { recurrence: { start: inCity.slice(11, 16), minutes: 5 } })
  say(rig, cut, 'down')
  const left = 5 * minute - (rig.clock.now() % minute)
  await rig.pass(Math.ceil(left / second) - 1)
  expect(await theOne(rig)).toMatchObject({ expected: true })
  await rig.pass(2)
  expect(await theOne(rig)).toMatchObject({ expected: false })
  await heldThenTold(rig)
  rig.clock.advance(day - 23 * minute)
  await rig.pass(10 * 60)
  expect((await theOne(rig)).lines).toEqual(['opened', 'unexpected'])
  expect(told(rig).filter((kind) => kind === 'opening' || kind === 'still-down')).toEqual(['opening'])
}, 30_000)

describe('an exemption that is granted over an outage that was told', () => {
  it('makes it expected from then on, and says so; after it those who were told hear once that it is still there', async () => {
    const rig = await city()
    say(rig, cut, 'down')
    await rig.pass(120)
    expect(told(rig)).toEqual(['opening'])
    exempt(rig, { decidedAt: rig.clock.now() })
    await rig.pass(2)
    expect(await theOne(rig)).toMatchObject({ expected: true, lines: ['opened', 'expected'] })
    await rig.pass(299)
    expect(await theOne(rig)).toMatchObject({ expected: false, lines: ['opened', 'expected', 'unexpected'] })
    expect(told(rig)).toEqual(['opening'])
    await heldThenTold(rig, 'still-down', ['opening'])
  })

  it('hides from nobody who was told that it is over', async () => {
    const rig = await city()
    say(rig, cut, 'down')
    await rig.pass(120)
    exempt(rig, { decidedAt: rig.clock.now(), lasts: day })
    await rig.pass(10)
    say(rig, cut, 'up')
    await rig.pass(200)
    expect(await theOne(rig)).toMatchObject({ expected: true, status: 'resolved' })
    expect(told(rig)).toEqual(['opening', 'resolved'])
  })
})

it('what is found down at the end of the start-up grace is held from there', async () => {
  const rig = await city({ state: 'down', cameras: 10 }, 31)
  expect(await theOne(rig)).toMatchObject({ down: 10, from: rig.clock.now() - 31 * second - 60 * minute })
  await heldThenTold(rig)
})

it('what is found down when the hub has caught up with its data is held from there', async () => {
  const rig = await city()
  const lag = (since: number | null) =>
    rig.deps.bus.publish(
      'dataLag',
      {},
      { v: 1, at: rig.clock.now(), behindMs: since ? 9 : 0, since, cause: since ? 'stalled' : null },
    )
  await lag(rig.clock.now())
  const onset = rig.clock.now()
  say(rig, cut, 'down')
  await rig.pass(300)
  await lag(null)
  await rig.pass(2)
  expect(await theOne(rig)).toMatchObject({ down: 10, from: onset })
  await heldThenTold(rig)
})

it('an exemption that ends while the hub is behind is judged when it has caught up', async () => {
  const rig = await city()
  const lag = (since: number | null) =>
    rig.deps.bus.publish(
      'dataLag',
      {},
      { v: 1, at: rig.clock.now(), behindMs: since ? 9 : 0, since, cause: since ? 'stalled' : null },
    )
  exempt(rig)
  say(rig, cut, 'down')
  await rig.pass(200)
  await lag(rig.clock.now())
  await rig.pass(300)
  expect(await theOne(rig)).toMatchObject({ expected: true })
  await lag(null)
  await rig.pass(2)
  expect(await theOne(rig)).toMatchObject({ expected: false })
  await heldThenTold(rig)
})

it('what goes into service while it is down is held from there, and keeps its onset', async () => {
  const rig = await city()
  rig.record.sqlite.exec(`UPDATE device SET stage = 'accepted' WHERE id IN ('${cut.join("','")}')`)
  rig.changeRegistry()
  await rig.pass(2)
  const onset = rig.clock.now()
  say(rig, cut, 'down')
  await rig.pass(300)
  expect((await rig.board('all')).outages).toEqual([])
  rig.record.sqlite.exec("UPDATE device SET stage = 'in-service'")
  rig.changeRegistry()
  await rig.pass(2)
  expect(await theOne(rig)).toMatchObject({ from: onset, down: 10 })
  await heldThenTold(rig)
})

it('what was silenced is held from the end of the silence, and escalated half an hour after it', async () => {
  const rig = await city()
  say(rig, cut, 'down')
  await rig.pass(3)
  const { id } = await theOne(rig)
  const until = rig.clock.now() + 10 * minute
  const wang = { scope: 'city', user: 'wang' } as const
  await tablesOf<OutagesDb>(rig.record).transaction((trx) =>
    stepOutage(trx, rig.deps, wang, id, { step: 'silence', until }, rig.clock.now()),
  )
  await rig.pass(10 * 60)
  await heldThenTold(rig)
  expect((await theOne(rig)).escalation).toBe(0)
  await rig.pass(9 * 60)
  expect((await theOne(rig)).escalation).toBe(1)
})

describe('a restart', () => {
  it.each([
    ['in the middle of the exemption', 100, 20],
    ['over its end', 250, 100],
    ['at its very end', 300, 1],
    ['while it is held', 330, 5],
  ])('%s neither loses nor doubles what is told', async (_, after, away) => {
    const rig = await city()
    exempt(rig)
    const onset = rig.clock.now()
    say(rig, cut, 'down')
    await rig.pass(after)
    await rig.end()
    rig.clock.advance(away * second)
    await rig.start()
    await rig.pass(5 * 60 + 100)
    expect(await theOne(rig)).toMatchObject({ expected: false, from: onset, lines: ['opened', 'unexpected'] })
    await rig.pass(5 * 60)
    expect(told(rig)).toEqual(['opening'])
    expect(sent(rig)).toBe(1)
  })

  it('while an exemption is granted: it is expected once the grace is over', async () => {
    const rig = await city()
    say(rig, cut, 'down')
    await rig.pass(10)
    await rig.end()
    exempt(rig, { decidedAt: rig.clock.now() })
    await rig.start()
    await rig.pass(120)
    expect(await theOne(rig)).toMatchObject({ expected: true, lines: ['opened', 'expected'] })
    expect(told(rig)).toEqual([])
  })
})
