import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { uptimeModule } from '../../uptime/src/module.ts'
import { ingestModule } from './module.ts'
import { type RunningCentre, runCentre } from './testing/centre.ts'
import { batch, deviceId, look, otherGateway, t0 } from './testing/rig.ts'

/** Probed every 30 s, stale after 90 s; the hub is held up for ten minutes. */
const camera = deviceId(1)
const other = deviceId(2, '430481')
const minute = 60_000
const soon = { timeout: 5_000, interval: 10 }

let centre: RunningCentre
let seq: number
beforeEach(async () => {
  seq = 0
  centre = await runCentre([ingestModule, uptimeModule], [camera, other])
})
afterEach(() => centre.stop())

const now = () => centre.clock.now()
const send = async (at: readonly number[], device = camera, gateway?: string) => {
  const more = gateway === undefined ? {} : { gateway }
  await centre.say(
    'observations',
    batch(
      ++seq,
      at.map((one) => look(device, one)),
      more,
    ),
    gateway,
  )
  const count = seq
  await vi.waitFor(() => expect(acked()).toBe(count), soon)
}
const acked = () => (centre.record.sqlite.prepare('SELECT count(*) AS n FROM batch').get() as { n: number }).n
const pass = async (seconds: number) => {
  for (let n = 0; n < seconds; n++) {
    await centre.clock.advanceAsync(1_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
const states = (device = camera) =>
  (
    centre.record.sqlite
      .prepare('SELECT state, from_at, to_at FROM interval WHERE device = ? ORDER BY from_at')
      .all(device) as { state: string; from_at: number; to_at: number | null }[]
  ).map((row) => [row.state, row.from_at - t0, row.to_at === null ? null : row.to_at - t0])
const lags = () => centre.of('dataLag') as { behindMs: number; since: number | null; cause: string | null }[]
const gauge = async (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await centre.metrics.text())?.[1])

/** Up and heard for a minute; then the process is held up for ten. */
async function heldUp() {
  for (const at of [0, 30_000, 60_000]) {
    await centre.clock.advanceAsync(t0 + at - now())
    await send([now()])
    await send([now()], other, otherGateway)
  }
  centre.clock.jump(10 * minute)
  await pass(2)
}

test('a hub that was held up makes nobody unknown, says so, and has caught up when its gateways are heard again', async () => {
  await heldUp()
  expect([states(), states(other)]).toEqual([[['up', 0, null]], [['up', 0, null]]])
  const told = lags().find(({ since }) => since !== null)!
  expect(told).toMatchObject({ cause: 'stalled', since: t0 + minute + 500 })
  expect(told.behindMs).toBe(10 * minute - 500)
  expect(await gauge('hub_ingest_behind')).toBe(1)
  expect(await gauge('hub_ingest_behind_seconds')).toBeGreaterThan(600)
  expect(await gauge('hub_ingest_loop_late_seconds')).toBeGreaterThan(590)
  await vi.waitFor(
    () => expect(centre.of('notificationRequested')).toMatchObject([{ kind: 'hub', ended: false }]),
    soon,
  )

  const backlog = Array.from({ length: 20 }, (_, n) => t0 + minute + (n + 1) * 30_000)
  for (const [device, gateway] of [
    [camera, undefined],
    [other, otherGateway],
  ] as const) {
    await send([now()], device, gateway)
    await send(backlog, device, gateway)
  }
  for (let n = 0; n < 12; n++) {
    await pass(1)
    await send([now()])
    await send([now()], other, otherGateway)
  }
  expect(await gauge('hub_ingest_behind')).toBe(0)
  expect(lags().at(-1)).toMatchObject({ since: null, cause: null })
  expect([states(), states(other)]).toEqual([[['up', 0, null]], [['up', 0, null]]])
  await vi.waitFor(
    () => expect(centre.of('notificationRequested')).toMatchObject([{ ended: false }, { ended: true }]),
    soon,
  )
  expect(centre.of('transitions').map(({ to }) => to)).toEqual(['up'])
})

test('a gateway that was silent all the while is found silent, late and to the millisecond; another’s devices are not', async () => {
  await heldUp()
  // The camera's gateway comes back, the other does not.
  for (let n = 0; n < 200; n++) {
    await pass(1)
    if (n % 2 === 0) await send([now()])
  }
  expect(states(other)).toEqual([
    ['up', 0, 150_000],
    ['unknown', 150_000, null],
  ])
  expect(await gauge('hub_ingest_behind')).toBe(0)
  expect(states().at(-1)).toEqual(['up', expect.any(Number), null])
})

test('a hub that was started again waits for its gateways: that it did not run is no silence of theirs', async () => {
  for (const at of [0, 30_000, 60_000]) {
    await centre.clock.advanceAsync(t0 + at - now())
    await send([now()])
    await send([now()], other, otherGateway)
  }
  await centre.restart(10 * minute)
  // Longer than the start-up grace: gateways that could not connect for long try again only now and then.
  await pass(50)
  expect([states(), states(other)]).toEqual([[['up', 0, null]], [['up', 0, null]]])

  await send([now()])
  await send(Array.from({ length: 20 }, (_, n) => t0 + minute + (n + 1) * 30_000))
  for (let n = 0; n < 160; n++) {
    await pass(1)
    if (n % 2 === 0) await send([now()])
  }
  expect(states()).toEqual([['up', 0, null]])
  // The other has not come back: found late, and to the millisecond.
  expect(states(other)).toEqual([
    ['up', 0, 150_000],
    ['unknown', 150_000, null],
  ])
})

test('a hub that is on time judges silence as ever', async () => {
  await send([t0])
  await pass(92)
  await vi.waitFor(
    () =>
      expect(states()).toEqual([
        ['up', 0, 90_000],
        ['unknown', 90_000, null],
      ]),
    soon,
  )
  expect(lags().every(({ since }) => since === null)).toBe(true)
})

test('an episode that a crash has cut off is over for whoever was told of it', async () => {
  centre.record.sqlite
    .prepare("INSERT INTO setting (room, key, value) VALUES ('ingest', 'behind', ?)")
    .run(JSON.stringify({ from: t0 - minute, to: null, cause: 'commits', behindMs: 20_000 }))
  await pass(2)
  await vi.waitFor(
    () => expect(centre.of('notificationRequested')).toMatchObject([{ key: `behind-${t0 - minute}`, ended: true }]),
    soon,
  )
})

test('a disk that is full is named as the cause, though it takes a small commit now and then, until nothing fails any more', async () => {
  const { record } = centre
  const commit = record.commit.bind(record)
  let isFull = true
  vi.spyOn(record, 'commit').mockImplementation(async (work) => {
    if (isFull && Math.floor(now() / 1_000) % 4 !== 0)
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
    return commit(work)
  })
  for (let second = 0; second < 20; second++) {
    await centre.say('observations', batch(++seq, [look(camera, now())]))
    await pass(1)
  }
  expect(lags().at(-1)).toMatchObject({ cause: 'disk' })
  isFull = false
  for (let second = 0; second < 25; second++) {
    await centre.say('observations', batch(++seq, [look(camera, now())]))
    await pass(1)
  }
  expect(lags().at(-1)).toMatchObject({ since: null })
})
