import type { TelemetryPoint } from '@hub/platform'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { IngestMetrics } from './metrics.ts'
import { TelemetryWriter } from './telemetry.ts'
import { batch, type Centre, deviceId, look, openCentre, t0, tmpFolder } from './testing/rig.ts'

const sensor = deviceId(1)
let folder: ReturnType<typeof tmpFolder>
let centre: Centre
beforeEach(async () => {
  folder = tmpFolder()
  centre = await openCentre(`${folder.path}/record.db`, [sensor])
})
afterEach(async () => {
  await centre.crash()
  folder.remove()
})

function writer() {
  const history = { down: false, lost: 0, points: [] as TelemetryPoint[] }
  const lost = {
    inc(count: number) {
      history.lost += count
    },
  }
  const telemetry = new TelemetryWriter({
    ...centre,
    metrics: { telemetryLost: lost as IngestMetrics['telemetryLost'] },
    history: {
      async writeTelemetry(points) {
        if (history.down) throw new Error('history is down')
        history.points.push(...points)
      },
    },
  })
  telemetry.load()
  return { telemetry, history }
}
const reading = (n: number) =>
  look(sensor, t0 + n * 1_000, { kind: 'telemetry', rung: 'fresh', values: { pm25: n, noise: 40 } })
const send = async (n: number, to?: TelemetryWriter) => {
  await centre.send(batch(n, [reading(n)]))
  to?.offer(centre.store.newestBatch(), [reading(n)])
}
const values = (points: TelemetryPoint[]) => points.filter((p) => p.measure === 'pm25').map((p) => p.value)

test('each measure of a sensor becomes a point', async () => {
  const { telemetry, history } = writer()
  await send(1, telemetry)
  await telemetry.write()
  expect(history.points).toEqual([
    { device: sensor, district: '430405', measure: 'pm25', at: t0 + 1_000, value: 1 },
    { device: sensor, district: '430405', measure: 'noise', at: t0 + 1_000, value: 40 },
  ])
})

test('what could not be written is read again from the raw batches', async () => {
  const { telemetry, history } = writer()
  history.down = true
  await send(1, telemetry)
  await expect(telemetry.write()).rejects.toThrow('history is down')
  await send(2, telemetry)
  await expect(telemetry.write()).rejects.toThrow('history is down')
  history.down = false
  await send(3, telemetry)
  await telemetry.write()
  expect(values(history.points)).toEqual([1, 2, 3])
})

test('a restart goes on after the last value that was saved', async () => {
  const before = writer()
  await send(1, before.telemetry)
  await before.telemetry.write()
  await before.telemetry.save()
  await send(2, before.telemetry)
  const after = writer()
  await send(3, after.telemetry)
  await after.telemetry.write()
  expect(values(after.history.points)).toEqual([2, 3])
})

test('a queue that outgrows its limit is dropped and nothing is skipped', async () => {
  const { telemetry, history } = writer()
  await send(1, telemetry)
  await send(2)
  telemetry.offer(
    2,
    Array.from({ length: 60_000 }, () => reading(2)),
  )
  await send(3, telemetry)
  await telemetry.write()
  expect(values(history.points)).toEqual([1, 2, 3])
})

test('raw batches that were deleted before the history took their values are counted', async () => {
  const { telemetry, history } = writer()
  await send(1, telemetry)
  await telemetry.write()
  await telemetry.save()
  history.down = true
  await send(2, telemetry)
  await expect(telemetry.write()).rejects.toThrow('history is down')
  await send(3)
  await send(4)
  centre.record.sqlite.exec('DELETE FROM batch WHERE id IN (2, 3)')
  history.down = false
  telemetry.load()
  await telemetry.write()
  expect(history.lost).toBe(2)
  expect(values(history.points)).toEqual([1, 4])
})
