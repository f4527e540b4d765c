import { afterEach, beforeEach, expect, test } from 'vitest'
import { trim } from './retention.ts'
import { batch, type Centre, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const camera = deviceId(1)
const day = 86_400_000
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
  expect(await trim(centre, 7, 1)).toBe(1)
  expect(kept()).toEqual([2, 3, 4])
  await centre.committer.flush(10)
  expect(await trim(centre, 7, centre.committer.checkpoint)).toBe(1)
  expect(kept()).toEqual([3, 4])
  expect(await trim(centre, 7, centre.committer.checkpoint)).toBe(0)
})

test('the newest ten thousand dead letters stay', async () => {
  const put = centre.record.sqlite.prepare(
    `INSERT INTO dead_letter (at, source, reason, payload) VALUES (0, 's', ?, x'00')`,
  )
  centre.record.sqlite.exec('BEGIN')
  for (let i = 1; i <= 10_005; i++) put.run(String(i))
  centre.record.sqlite.exec('COMMIT')
  await trim(centre, 7, 0)
  const letters = centre.deadLetters()
  expect([letters.length, letters[0]!.reason]).toEqual([10_000, '6'])
})
