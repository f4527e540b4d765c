/** Days rolled up behind the real committer: late looks put right what was rolled up before they came. */
import { join } from 'node:path'
import { addTotals, dayStart } from '@hub/core'
import { createMetrics } from '@hub/platform'
import { expect, test } from 'vitest'
import { batch, deviceId, look, openCentre, t0, tmpFolder } from '../../../ingest/src/testing/rig.ts'
import { dayNumber } from '../calendar.ts'
import { openTimes } from '../open.ts'
import { dirtyQueue } from '../pending.ts'
import { uptimeMetrics } from './metrics.ts'
import { Rollup } from './rollup.ts'
import { summedReader } from './summed.ts'

const hour = 3_600_000
const day = 24 * hour

test('a day is rolled up when it is over, and late looks in it are followed', async () => {
  const folder = tmpFolder()
  const centre = await openCentre(join(folder.path, 'record.db'), [deviceId(1), deviceId(2)])
  const { record, clock, committer } = centre
  const uptime = openTimes(record)
  const metrics = createMetrics()
  const rollup = new Rollup({ record, clock, metrics: uptimeMetrics(metrics) })
  const dirty = () => record.sqlite.prepare("SELECT device FROM uptime_dirty WHERE consumer = 'days'").all()
  const days = () => summedReader(record.sqlite)(deviceId(1), 0, Number.MAX_SAFE_INTEGER, [])
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
    expect(await metrics.text()).toContain('hub_uptime_pending_devices 0')
  } finally {
    await uptime.close()
    await record.close()
    folder.remove()
  }
})

test('catching up leaves most of the thread to others: years are derived in parts, and it rests three times as long as it works', async () => {
  const folder = tmpFolder()
  const devices = [deviceId(1), deviceId(2)]
  const centre = await openCentre(join(folder.path, 'record.db'), devices)
  const { record, clock } = centre
  const rests: number[] = []
  const parts: number[] = []
  const read = summedReader(record.sqlite)
  const rowsOf = (device: string) => read(device, 0, Number.MAX_SAFE_INTEGER, []).length
  const rest = async (ms: number) => {
    rests.push(ms)
    parts.push(rowsOf(devices[0]!))
  }
  const rollup = new Rollup({ record, clock, metrics: uptimeMetrics(createMetrics()), rest })
  try {
    clock.advance(day)
    await rollup.run()
    clock.advance(250 * day)
    await rollup.run()
    record.sqlite.exec(
      'DELETE FROM uptime_day; DELETE FROM uptime_blank; DELETE FROM uptime_sum; DELETE FROM uptime_district',
    )
    for (const device of devices) dirtyQueue(record.sqlite, 'days').mark({ device, from: t0, to: clock.now() })
    rests.length = 0
    parts.length = 0
    const began = performance.now()
    await rollup.run()
    const worked = performance.now() - began
    expect([parts[0], parts[1]]).toEqual([100, 200])
    for (const device of devices) expect(rowsOf(device)).toBe(dayNumber(clock.now()) - dayNumber(t0))
    expect(record.sqlite.prepare("SELECT device FROM uptime_dirty WHERE consumer = 'days'").all()).toEqual([])
    expect(rests.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(worked)
    expect(Math.max(...rests)).toBeLessThanOrEqual(500)
  } finally {
    await record.close()
    folder.remove()
  }
})

test('a device that is put on record today and was in service for seven years leaves no row a day, and its figures are as with them', async () => {
  const folder = tmpFolder()
  const device = deviceId(1)
  const centre = await openCentre(join(folder.path, 'record.db'), [device])
  const { record, clock } = centre
  const uptime = openTimes(record)
  const rollup = new Rollup({ record, clock, metrics: uptimeMetrics(createMetrics()), rest: async () => {} })
  const from = dayStart(t0) - 2_500 * day + 9 * hour
  const rows = () =>
    record.sqlite
      .prepare('SELECT count(*) AS n, (SELECT count(*) FROM uptime_blank) AS stretches FROM uptime_day WHERE day > 0')
      .get()
  const totals = async (span: { from: number; to: number }) => {
    const [row] = await uptime.by({ scope: 'city', filter: {}, ...span, now: clock.now(), by: ['device'] })
    return row && { up: row.up, down: row.down, unknown: row.unknown }
  }
  try {
    record.sqlite.prepare('UPDATE device SET in_service_from = ? WHERE id = ?').run(from, device)
    clock.advance(day)
    await rollup.run()
    // The day on which service began is no whole day.
    expect(rows()).toEqual({ n: 1, stretches: 1 })
    const whole = { from: dayStart(from), to: dayStart(clock.now()) }
    expect(await totals(whole)).toEqual({ up: 0, down: 0, unknown: whole.to - from })
    const cut = { from: from + 90 * day, to: from + 400 * day + hour }
    expect(await totals(cut)).toEqual({ up: 0, down: 0, unknown: 310 * day + hour })

    // One look, late, in the middle: its day is a row, and the stretch is two.
    const at = dayStart(t0) - 3 * day + hour
    await centre.send(batch(1, [look(device, at)]))
    await centre.committer.expire()
    expect((await totals(whole))!.up).toBe(90_000)
    await rollup.run()
    expect(rows()).toEqual({ n: 2, stretches: 2 })
    expect(await totals(whole)).toEqual({ up: 90_000, down: 0, unknown: whole.to - from - 90_000 })
    expect(
      record.sqlite
        .prepare('SELECT sum(up_ms) AS up, sum(unknown_ms) AS unknown FROM uptime_sum WHERE period > 0')
        .get(),
    ).toEqual({ up: 90_000, unknown: whole.to - from - 90_000 })

    // It was in service only since a week: what was summed before is taken back.
    record.sqlite.prepare('UPDATE device SET in_service_from = ? WHERE id = ?').run(dayStart(t0) - 7 * day, device)
    await rollup.run()
    expect(rows()).toEqual({ n: 1, stretches: 2 })
    expect(await totals(whole)).toEqual({ up: 90_000, down: 0, unknown: 8 * day - 90_000 })
    expect(record.sqlite.prepare('SELECT sum(unknown_ms) AS unknown FROM uptime_sum WHERE period > 0').get()).toEqual({
      unknown: 8 * day - 90_000,
    })
  } finally {
    await uptime.close()
    await record.close()
    folder.remove()
  }
})
