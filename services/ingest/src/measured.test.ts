import { afterEach, beforeEach, expect, test } from 'vitest'
import { batch, type Centre, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const sensor = deviceId(1)
let folder: ReturnType<typeof tmpFolder>
let centre: Centre
beforeEach(async () => {
  folder = tmpFolder()
  centre = await openCentre(`${folder.path}/record.db`, [sensor, deviceId(2)])
})
afterEach(async () => {
  await centre.crash()
  folder.remove()
})
const measured = () =>
  centre.sent.filter(({ topic }) => topic === 'hub/v1/measured').map(({ payload }) => JSON.parse(payload))
const telemetry = (at: number, values: Record<string, number>) =>
  look(sensor, at, { kind: 'telemetry', rung: 'fresh', values })

test('what was measured is told once for each batch with values, however often the batch comes', async () => {
  const first = batch(1, [
    telemetry(t0 + 1, { water_level: 0.4, clockOffsetMs: 12 }),
    look(deviceId(2), t0 + 2),
    telemetry(t0 + 3, { water_level: 0.6 }),
  ])
  await centre.send(first)
  await centre.send(first)
  await centre.outbox.settled()
  expect(measured()).toEqual([
    {
      v: 1,
      at: expect.any(Number),
      districts: ['430405'],
      samples: [
        { device: sensor, at: t0 + 1, values: { water_level: 0.4 } },
        { device: sensor, at: t0 + 3, values: { water_level: 0.6 } },
      ],
    },
  ])
})

test('a batch without a measured value says nothing', async () => {
  await centre.send(batch(1, [look(deviceId(2), t0), telemetry(t0, { clockOffsetMs: 3 }), look(sensor, t0 + 1)]))
  await centre.outbox.settled()
  expect(measured()).toEqual([])
})
