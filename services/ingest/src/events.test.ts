/** Events travel in the same batches as looks, and must leave no trace in a device's health. */
import type { Observation } from '@hub/contracts'
import { expect, test } from 'vitest'
import { batch, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const camera = deviceId(1)
const event = (at: number): Observation =>
  look(camera, at, {
    kind: 'event',
    verdict: 'fail',
    rung: 'reachable',
    every: 100,
    event: { topic: 'motion', active: true },
  })

/** What the centre holds of the camera after these batches, and again after a crash. */
async function healthAfter(batches: readonly Observation[][]) {
  const folder = tmpFolder()
  const path = `${folder.path}/record.db`
  const before = await openCentre(path, [camera])
  for (const [index, observations] of batches.entries()) {
    before.clock.advance(30_000)
    await before.send(batch(index + 1, observations))
  }

  const intervals = before.intervals(camera)
  await before.crash()
  const after = await openCentre(path, [camera], { startAt: before.clock.now() })
  expect(after.intervals(camera)).toEqual(intervals)
  await after.committer.flush(10)
  const result = { intervals, runs: after.store.runsFrom(camera, 0), letters: after.deadLetters() }
  await after.crash()
  folder.remove()
  return result
}

test('health is the same with events and without, also where a late look splits a run that events fell into', async () => {
  const looks = [0, 1, 2, 3, 4, 5].map((n) => [look(camera, t0 + n * 30_000)])
  const late = [
    look(camera, t0 + 75_000, { verdict: 'fail', rung: 'reachable', reason: 'timeout' }),
    look(camera, t0 + 76_000, { verdict: 'fail', rung: 'reachable', reason: 'timeout' }),
    look(camera, t0 + 77_000, { verdict: 'fail', rung: 'reachable', reason: 'timeout' }),
  ]
  const plain = await healthAfter([...looks, late])
  const busy = looks.map(([one], n) => [event(t0 + n * 30_000 - 1), one!, event(t0 + n * 30_000 + 5_000)])
  expect(await healthAfter([...busy, [event(t0), ...late]])).toEqual(plain)
  expect(plain.intervals!.map(({ state }) => state)).toEqual(['up', 'down', 'up'])
  expect(plain.letters).toEqual([])
})

test('a batch of nothing but events is acknowledged and makes a device of which nothing is known no better known', async () => {
  const { intervals, runs, letters } = await healthAfter([[event(t0)], [event(t0 + 1_000)]])
  expect([intervals, runs, letters]).toEqual([[], [], []])
})
