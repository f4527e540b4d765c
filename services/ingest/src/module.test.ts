import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { uptimeModule } from '../../uptime/src/module.ts'
import { ingestModule } from './module.ts'
import { type RunningCentre, runCentre } from './testing/centre.ts'
import { batch, deviceId, gateway, look, t0 } from './testing/rig.ts'

const camera = deviceId(1)
let centre: RunningCentre
beforeEach(async () => {
  centre = await runCentre([ingestModule, uptimeModule], [camera, deviceId(2)])
})
afterEach(() => centre.stop())
const soon = { timeout: 5_000, interval: 10 }

test('a batch over the bus is acknowledged and its change told; a burst of batches each gets its own ack', async () => {
  await centre.say('observations', batch(1, [look(camera, t0)]))
  await vi.waitFor(() => expect(centre.of('acks')).toEqual([{ v: 1, gateway, epoch: t0, seq: 1, at: t0 }]), soon)
  await vi.waitFor(
    () => expect(centre.of('transitions')).toMatchObject([{ device: camera, from: 'unknown', to: 'up' }]),
    soon,
  )
  await Promise.all(
    Array.from({ length: 50 }, (_, i) => centre.say('observations', batch(i + 2, [look(camera, t0 + i + 1)]))),
  )
  await vi.waitFor(
    () => expect(centre.of('acks').map(({ seq }) => seq)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1)),
    soon,
  )
})

test('a batch that arrives as the acks of the last one leave is not left waiting', async () => {
  for (let seq = 1; seq <= 30; seq++) {
    await centre.say('observations', batch(seq, [look(camera, t0 + seq)]))
    await vi.waitFor(() => expect(centre.of('acks')).toHaveLength(seq), soon)
  }
})

test('its clock makes silent devices unknown, writes buckets and telemetry, and exports what it does', async () => {
  const values = { pm25: 12 }
  await centre.say(
    'observations',
    batch(1, [look(camera, t0), look(deviceId(2), t0, { kind: 'telemetry', rung: 'fresh', values })]),
  )
  await vi.waitFor(() => expect(centre.of('acks')).toHaveLength(1), soon)
  await centre.clock.advanceAsync(92_000)
  await vi.waitFor(
    () => expect(centre.of('transitions').map(({ to }) => to)).toEqual(['up', 'up', 'unknown', 'unknown']),
    soon,
  )
  expect(centre.history.points).toEqual([
    { device: deviceId(2), district: '430405', measure: 'pm25', at: t0, value: 12 },
  ])
  await centre.clock.advanceAsync(300_000)
  await vi.waitFor(() => expect(centre.history.buckets).toHaveLength(2), soon)
  expect(centre.history.buckets[0]).toMatchObject({
    device: camera,
    at: t0,
    upMs: 90_000,
    unknownMs: 210_000,
  })
  await centre.say('observations', batch(1, [look(camera, t0)]))
  await centre.say('observations', Buffer.from('{'))
  await vi.waitFor(async () => {
    const text = await centre.metrics.text()
    for (const line of [
      'observations_total 2',
      'batches_total 1',
      'duplicate_batches_total 1',
      'dead_letters_total 1',
      'transitions_total 4',
      'commit_seconds_count',
    ])
      expect(text).toContain(`hub_ingest_${line}`)
  }, soon)
})

test('a device that is registered while it runs is taken in after the registry says so', async () => {
  const late = deviceId(9)
  await centre.say('observations', batch(1, [look(late, t0)]))
  await vi.waitFor(
    () =>
      expect(centre.deadLetters()).toEqual([`batch of ${gateway}: observations.0.device: there is no device ${late}`]),
    soon,
  )
  centre.record.sqlite.exec(`INSERT INTO device SELECT '${late}', district, kind, application, carrier, point_type, project, stage, name, address, longitude, latitude,
    ip_address, record, in_service_from, in_service_to, updated_at FROM device WHERE id = '${camera}'`)
  await centre.changeRegistry()
  await centre.say('observations', batch(2, [look(late, t0 + 1)]))
  await vi.waitFor(() => expect(centre.of('transitions')).toMatchObject([{ device: late, to: 'up' }]), soon)
})
