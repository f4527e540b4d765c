import { afterEach, beforeEach, expect, test } from 'vitest'
import { trim, trimDeadLetters } from './retention.ts'
import { batch, type Centre, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const camera = deviceId(1)
const day = 86_400_000
const keptFrom = (now: number) => now - 7 * day
let folder: ReturnType<typeof tmpFolder>
let centre: Centre
beforeEach(async () => {
  folder = tmpFolder()
  centre = await openCentre(`${folder.path}/record.db`, [camera])
})
afterEach(async () => {
  await centre.crash()
  folder.remove()
})
const kept = () => (centre.record.sqlite.prepare('SELECT id FROM batch').all() as { id: number }[]).map(({ id }) => id)

test('raw batches go after their time, but never one that replay still needs', async () => {
  await centre.send(batch(1, [look(camera, t0)]))
  await centre.send(batch(2, [look(camera, t0 + 1_000)]))
  centre.clock.advance(7 * day + 1)
  await centre.send(batch(3, [look(camera, centre.clock.now())]))
  await centre.send(batch(4, [look(camera, centre.clock.now() + 1)]))
  expect(await trim(centre, keptFrom, 1)).toBe(1)
  expect(kept()).toEqual([2, 3, 4])
  await centre.committer.flush(10)
  expect(await trim(centre, keptFrom, centre.committer.checkpoint)).toBe(1)
  expect(kept()).toEqual([3, 4])
  expect(await trim(centre, keptFrom, centre.committer.checkpoint)).toBe(0)
})

test('where nothing is old, asking costs no more for many batches than for few', async () => {
  const put = centre.record.sqlite.prepare("INSERT INTO batch VALUES (?, 'g', 1, ?, 0, 0, 1, ?, zeroblob(400))")
  let stored = 0
  const fill = (count: number) => {
    centre.record.sqlite.exec('BEGIN')
    while (stored < count) put.run(++stored, stored, t0)
    centre.record.sqlite.exec('COMMIT')
  }
  const took = () => {
    const tries = Array.from({ length: 5 }, () => {
      const began = performance.now()
      expect(centre.store.dropBatches(stored, t0, 500)).toBe(0)
      return performance.now() - began
    })
    return Math.min(...tries)
  }
  fill(1_000)
  const few = took()
  fill(100_000)
  expect(took()).toBeLessThan(10 * few)
})

const putLetters = (count: number, bytes: number) => {
  const put = centre.record.sqlite.prepare(
    `INSERT INTO dead_letter (at, source, reason, payload) VALUES (0, 's', ?, zeroblob(${bytes}))`,
  )
  centre.record.sqlite.exec('BEGIN')
  for (let i = 1; i <= count; i++) put.run(String(i))
  centre.record.sqlite.exec('COMMIT')
}

test.each([
  ['as many as are allowed', { most: 100, megabytes: 1 }, 105, 10, 6],
  ['as many bytes as are allowed', { most: 100, megabytes: 0.1 }, 50, 10_000, 41],
])('of the newest dead letters stay %s', async (_, policy, count, bytes, first) => {
  putLetters(count, bytes)
  await trimDeadLetters(centre, policy)
  const letters = centre.deadLetters()
  expect([letters[0]!.reason, letters.at(-1)!.reason]).toEqual([String(first), String(count)])
})

test('a hundred messages of a megabyte that are no batch grow the Record by seven megabytes, not by a hundred', async () => {
  const rubbish = Buffer.alloc(1_000_000, 'x')
  for (let i = 0; i < 100; i++) await centre.send(rubbish)
  const { bytes } = centre.record.sqlite.prepare('SELECT sum(length(payload)) AS bytes FROM dead_letter').get() as {
    bytes: number
  }
  expect(centre.deadLetters()).toHaveLength(100)
  expect(bytes).toBe(100 * 65_536)
})

test('how intervals were known goes when it may not be disputed any more, little by little, and what is not kept is said at once', async () => {
  const { sqlite } = centre.record
  const put = sqlite.prepare("INSERT INTO interval_past VALUES (?, ?, ?, ?, NULL, 'up')")
  for (let n = 0; n < 12; n++) put.run(camera, t0 + n, t0 + n * day, t0 + n)
  sqlite.exec(`DELETE FROM interval_past_kept; INSERT INTO interval_past_kept VALUES (${t0})`)
  const left = () =>
    sqlite.prepare('SELECT min(until_at) AS at, count(*) AS n FROM interval_past').get() as { at: number; n: number }
  centre.store.trimPast(t0 + 5 * day, 2)
  expect(left()).toEqual({ at: t0 + 2 * day, n: 10 })
  expect(sqlite.prepare('SELECT since FROM interval_past_kept').all()).toEqual([{ since: t0 + 5 * day }])
  await trim(centre, keptFrom, 1, () => t0 + 5 * day)
  expect(left()).toEqual({ at: t0 + 5 * day, n: 7 })
  centre.store.trimPast(t0, 500)
  expect(sqlite.prepare('SELECT since FROM interval_past_kept').all()).toEqual([{ since: t0 + 5 * day }])
})
