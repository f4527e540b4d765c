/** Days rolled up behind the real committer: late looks put right what was rolled up before they came. */
import { join } from 'node:path'
import { addTotals, dayStart } from '@hub/core'
import { createMetrics, dayNumber, openUptime } from '@hub/platform'
import { expect, test } from 'vitest'
import { batch, deviceId, look, openCentre, t0, tmpFolder } from '../testing/rig.ts'
import { uptimeMetrics } from './metrics.ts'
import { Rollup } from './rollup.ts'

const hour = 3_600_000
const day = 24 * hour

test('a day is rolled up when it is over, and late looks in it are followed', async () => {
  const folder = tmpFolder()
  const centre = await openCentre(join(folder.path, 'record.db'), [deviceId(1), deviceId(2)])
  const { record, clock, committer } = centre
  const uptime = openUptime(record)
  const metrics = createMetrics()
  const rollup = new Rollup({ record, clock, metrics: uptimeMetrics(metrics) })
  const dirty = () => record.sqlite.prepare("SELECT device FROM uptime_dirty WHERE consumer = 'days'").all()
  const days = () => record.sqlite.prepare('SELECT * FROM uptime_day WHERE device = ? AND day > 0').all(deviceId(1))
  const rate = (to = clock.now()) =>
    uptime.by({ scope: 'city', filter: {}, from: t0, to, now: clock.now(), by: ['device'] })
  try {
    const at = (ms: number) => [look(deviceId(1), t0 + ms), look(deviceId(2), t0 + ms)]
    await centre.send(batch(1, [...at(0), ...at(30_000), ...at(60_000)]))
    clock.advance(10 * 60_000)
    await committer.expire()
    await rollup.run()
    expect(days()).toEqual([])
    clock.advance(2 * day)
    await rollup.run()
    expect(days()).toHaveLength(dayNumber(clock.now()) - dayNumber(t0))
    expect(dirty()).toEqual([])
    const before = await rate()

    const late = Array.from({ length: 40 }, (_, i) => look(deviceId(1), t0 + hour + i * 30_000))
    await centre.send(batch(2, late))
    expect(dirty()).toMatchObject([{ device: deviceId(1) }])
    const after = await rate()
    expect(after[0]!.up).toBeGreaterThan(before[0]!.up + 15 * 60_000)
    expect(after[1]).toEqual(before[1])

    await rollup.run()
    expect(dirty()).toEqual([])
    expect(await rate()).toEqual(after)
    const today = dayStart(clock.now())
    const rolled = record.sqlite.prepare('SELECT sum(up_ms) AS up FROM uptime_district WHERE period > 0').get()
    expect(rolled).toEqual({ up: addTotals(await rate(today)).up })
    expect(await metrics.text()).toContain(`hub_uptime_rolled_up_to_timestamp_seconds ${today / 1_000}`)
    expect(await metrics.text()).toContain('hub_uptime_dirty_devices 0')
  } finally {
    await uptime.close()
    await record.close()
    folder.remove()
  }
})
