import type { Observation } from '@hub/contracts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { trim } from './retention.ts'
import { batch, type Centre, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const camera = deviceId(1)
const stranger = deviceId(2)
const day = 86_400_000
let folder: ReturnType<typeof tmpFolder>
let centre: Centre
const open = () => openCentre(`${folder.path}/record.db`, [camera])
beforeEach(async () => {
  folder = tmpFolder()
  centre = await open()
})
afterEach(async () => {
  await centre.crash()
  folder.remove()
})

const noticed = (at: number, event: Observation['event'], device = camera) =>
  look(device, at, { kind: 'event', rung: 'answers', event })
const motion = (at: number, active = true) => noticed(at, { topic: 'motion', active, source: 'V1' })
const rows = () => centre.record.sqlite.prepare('SELECT at, kind, to_value AS "to" FROM device_event').all()
const told = () => centre.sent.filter(({ topic }) => topic === 'hub/v1/districts/430405/events')

test('what a camera noticed is in the record once, however often its batch or the event itself comes', async () => {
  const first = batch(1, [motion(t0 + 100), motion(t0 + 100), motion(t0 + 100, false)])
  await centre.send(first)
  await centre.send(first)
  await centre.send(batch(2, [motion(t0 + 100)]))
  await centre.outbox.settled()
  expect(rows()).toEqual([
    { at: t0 + 100, kind: 'motion', to: 'active' },
    { at: t0 + 100, kind: 'motion', to: 'inactive' },
  ])
  expect(told().map(({ payload }) => JSON.parse(payload).to)).toEqual(['active', 'inactive'])
  expect(JSON.parse(told()[0]!.payload)).toEqual({
    v: 1,
    device: camera,
    district: '430405',
    at: t0 + 100,
    kind: 'motion',
    from: null,
    to: 'active',
    source: 'V1',
  })
})

test('it neither makes a camera be up nor keeps it so', async () => {
  await centre.send(batch(1, [look(camera, t0), motion(t0 + 1_000)]))
  const before = centre.intervals(camera)
  await centre.send(batch(2, [motion(t0 + 80_000), noticed(t0 + 5, { topic: 'tamper', active: true })]))
  expect(centre.intervals(camera)).toEqual(before)
  centre.clock.advance(91_000)
  await centre.committer.expire()
  expect(centre.intervals(camera).at(-1)).toMatchObject({ state: 'unknown', from: t0 + 90_000 })
})

test('a crash between commit and telling tells it at the next start, and stores nothing twice', async () => {
  const { committer, record } = centre
  await centre.send(batch(1, [motion(t0 + 100)]))
  expect(committer.unwritten).toBe(0)
  await record.close()
  centre = await open()
  await centre.outbox.settled()
  expect(rows()).toHaveLength(1)
  expect(told()).toHaveLength(1)
})

test('an event of a camera that is not on record is a dead letter', async () => {
  await centre.send(batch(1, [noticed(t0, { topic: 'tamper', active: true }, stranger)]))
  expect(rows()).toEqual([])
  expect(centre.deadLetters()[0]!.reason).toContain(`there is no device ${stranger}`)
})

test('noticed events go after their time, changed identities stay', async () => {
  await centre.send(batch(1, [motion(t0)]))
  centre.record.sqlite.exec(`INSERT INTO device_event VALUES ('${camera}', ${t0}, 'firmware', '', '1', '2')`)
  centre.clock.advance(30 * day + 1)
  await trim(centre, (now) => now - 7 * day, 0)
  expect(rows()).toEqual([{ at: t0, kind: 'firmware', to: '2' }])
})
