import { afterEach, beforeEach, expect, test } from 'vitest'
import { batch, type Centre, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const camera = deviceId(1)
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

const readings = async () => {
  await centre.committer.flush(10)
  return centre.record.sqlite
    .prepare('SELECT clock_offset_ms, clock_at, picture, picture_at FROM device_state WHERE device = ?')
    .get(camera)
}

test('a look that reads neither leaves what was read before', async () => {
  await centre.send(batch(1, [look(camera, t0, { values: { clockOffsetMs: -1_500.5 } })]))
  const frozen = { verdict: 'degraded', rung: 'decodes', reason: 'frozen' } as const
  await centre.send(batch(2, [look(camera, t0 + 30_000, frozen)]))
  await centre.send(batch(3, [look(camera, t0 + 60_000, { rung: 'answers' })]))
  await centre.send(batch(4, [look(camera, t0 + 90_000, { verdict: 'blind', reason: 'gateway-network' })]))
  expect(await readings()).toEqual({
    clock_offset_ms: -1_500.5,
    clock_at: t0,
    picture: 'degraded',
    picture_at: t0 + 30_000,
  })
})

test('a late look counts when it is newer than what was read, however late it comes', async () => {
  await centre.send(batch(1, [look(camera, t0, { values: { clockOffsetMs: 5 } })]))
  centre.clock.advance(120_000)
  await centre.send(batch(2, [look(camera, t0 + 120_000, { rung: 'answers' })]))
  await centre.send(batch(3, [look(camera, t0 + 60_000, { verdict: 'fail', values: { clockOffsetMs: 7 } })]))
  await centre.send(batch(4, [look(camera, t0 + 30_000, { values: { clockOffsetMs: 6 } })]))
  const expected = { clock_offset_ms: 7, clock_at: t0 + 60_000, picture: 'fail', picture_at: t0 + 60_000 }
  expect(await readings()).toEqual(expected)
  await centre.crash()
  centre = await openCentre(`${folder.path}/record.db`, [camera], { startAt: centre.clock.now() })
  await centre.send(batch(5, [look(camera, t0 + 150_000, { rung: 'answers' })]))
  expect(await readings()).toEqual(expected)
})
