import { bucketMs, type ProbeBucket, type Step, type UptimeBucket } from '@hub/platform'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeProbeFigures } from '../../../ingest/src/probe-writer.ts'
import { batch, type Centre, deviceId, look, openCentre, t0, tmpFolder } from '../../../ingest/src/testing/rig.ts'
import { accountDevices } from '../device-time.ts'
import { createExemptions } from '../exemptions.ts'
import { markAdjusted } from '../pending.ts'
import { pendingBuckets } from './pending.ts'
import { writeBuckets } from './writer.ts'

const camera = deviceId(1)
const devices = [camera, deviceId(2)]
const fail = { verdict: 'fail', rung: 'reachable', reason: 'timeout' } as const

let folder: ReturnType<typeof tmpFolder>
let centre: Centre
let written: Map<string, UptimeBucket>
/** Hours and days, by step. */
let coarse: Map<string, UptimeBucket>
let probed: Map<string, ProbeBucket>
let down = false
beforeEach(async () => {
  folder = tmpFolder()
  centre = await openCentre(`${folder.path}/record.db`, devices)
  written = new Map()
  coarse = new Map()
  probed = new Map()
  down = false
})
afterEach(async () => {
  await centre.crash()
  folder.remove()
})

const keep = { fiveMinutes: 90, hours: 730, days: 'forever', telemetry: 90 } as const
const name = ({ device, at }: { device: string; at: number }) => `${device} ${(at - t0) / bucketMs}`
/** As the two rooms write them: times by uptime, probe figures by ingest. @returns buckets of time */
const write = async () => {
  const { clock, record, store, directory, lateStretches: late, committer } = centre
  const exemptions = createExemptions(record.sqlite)
  const count = await writeBuckets({
    record,
    clock,
    keep,
    exemptions,
    accounts: accountDevices(record.sqlite, exemptions),
    pending: pendingBuckets(record.sqlite),
    history: {
      async writeUptime(step: Step, buckets) {
        if (down) throw new Error('history is down')
        for (const b of buckets) {
          if (step === '5m') written.set(name(b), b)
          else coarse.set(`${step} ${name(b)}`, b)
        }
      },
    },
  })
  await writeProbeFigures({
    record,
    clock,
    keep,
    store,
    directory,
    late,
    span: () => committer.span,
    history: {
      async writeProbes(step, buckets) {
        if (down) throw new Error('history is down')
        for (const b of buckets) probed.set(`${step} ${name(b)}`, b)
      },
    },
  })
  return count
}
const restart = async () => {
  await centre.crash()
  centre = await openCentre(`${folder.path}/record.db`, devices, { startAt: centre.clock.now() })
}
const sum = (b: UptimeBucket) => b.upMs + b.downMs + b.unknownMs + b.exemptMs
/** Looks every 30 s from one offset to another, sent as they come. */
let seq = 0
const watch = async (from: number, to: number, more: object = {}) => {
  for (let at = from; at < to; at += 30_000) {
    centre.clock.advance(Math.max(0, t0 + at - centre.clock.now()))
    await centre.send(batch(++seq, [look(camera, t0 + at, { ms: 10 + ((at / 30_000) % 10), ...more })]))
  }
}
const to = (offset: number) => centre.clock.advance(t0 + offset - centre.clock.now())

test('every due device gets a bucket each five minutes whose four times add up, with its probe figures', async () => {
  await write()
  await watch(0, 420_000)
  await watch(420_000, bucketMs * 2, { ...fail, ms: 5_000 })
  to(bucketMs * 2 + 5_000)
  expect(await write()).toBe(12)
  expect([...written.values()].every((b) => sum(b) === bucketMs)).toBe(true)
  const series = { device: camera, district: '430405', application: 'safe-city', carrier: 'telecom' }
  expect(written.get(`${camera} 0`)).toEqual({
    ...series,
    at: t0,
    upMs: bucketMs,
    downMs: 0,
    unknownMs: 0,
    exemptMs: 0,
  })
  expect(probed.get(`5m ${camera} 0`)).toEqual({ ...series, at: t0, probes: 10, p50Ms: 14, p95Ms: 19 })
  expect(written.get(`${camera} 1`)).toMatchObject({ upMs: 120_000, downMs: 180_000, unknownMs: 0 })
  expect(probed.get(`5m ${camera} 1`)).toMatchObject({ probes: 10, p95Ms: 5_000 })
  expect(written.get(`${devices[1]} 0`)).toMatchObject({ unknownMs: bucketMs })
  expect(probed.has(`5m ${devices[1]} 0`)).toBe(false)
  expect(await write()).toBe(0)
})

test('late evidence rewrites exactly the buckets it touched, after a restart too', async () => {
  await write()
  await watch(0, 150_000)
  await watch(4 * bucketMs, 4 * bucketMs + 30_000)
  to(5 * bucketMs)
  await centre.committer.expire()
  await write()
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: 210_000, unknownMs: 90_000 })
  expect(written.get(`${camera} 2`)).toMatchObject({ unknownMs: bucketMs })
  const late = []
  for (let at = 150_000; at < 2 * bucketMs; at += 30_000) late.push(look(camera, t0 + at, { ms: 7 }))
  await centre.send(batch(1_000, late))
  await restart()
  written.clear()
  calm()
  await write()
  expect([...written.keys()].sort()).toEqual([`${camera} 0`, `${camera} 1`, `${camera} 2`])
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: bucketMs, unknownMs: 0 })
  expect(probed.get(`5m ${camera} 0`)).toMatchObject({ probes: 10 })
  expect(written.get(`${camera} 1`)).toMatchObject({ upMs: bucketMs })
  expect(probed.get(`5m ${camera} 1`)).toMatchObject({ probes: 10, p50Ms: 7 })
  expect(written.get(`${camera} 2`)).toMatchObject({ upMs: 60_000, unknownMs: 240_000 })
  expect(await write()).toBe(0)
})

test('a history that is down loses nothing: the same buckets are written when it is back', async () => {
  await write()
  await watch(0, 2 * bucketMs)
  to(2 * bucketMs)
  down = true
  await expect(write()).rejects.toThrow('history is down')
  await restart()
  await expect(write()).rejects.toThrow('history is down')
  down = false
  expect(await write()).toBe(12)
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: bucketMs })
})

/** So long a stretch is left alone before it is derived again. */
const calm = () => centre.clock.advance(30_000)

test('time out of service is not due', async () => {
  const from = t0 + 60_000
  centre.record.sqlite.prepare('UPDATE device SET in_service_from = ?, in_service_to = ?').run(from, from + 120_000)
  centre.directory.changed(null)
  await write()
  await watch(0, bucketMs)
  to(bucketMs)
  await write()
  expect(sum(written.get(`${camera} 0`)!)).toBe(120_000)
  centre.record.sqlite.prepare('UPDATE device SET in_service_from = NULL, updated_at = ?').run(centre.clock.now())
  centre.directory.changed(null)
  to(2 * bucketMs)
  await write()
  expect(written.has(`${camera} 1`)).toBe(false)
  expect(sum(written.get(`${camera} 0`)!)).toBe(120_000)
})

test('a device that went silent before a bucket ended is found out after: that bucket is written again', async () => {
  await write()
  await watch(0, bucketMs)
  to(bucketMs)
  await write()
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: bucketMs })
  // Down since 4:30, confirmed only in the next bucket.
  await centre.send(batch(++seq, [look(camera, t0 + bucketMs - 20_000, fail)]))
  await watch(bucketMs + 10_000, bucketMs + 70_000, fail)
  calm()
  await write()
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: bucketMs - 20_000, downMs: 20_000 })
})

test('hours and days of the city hold what their five minutes hold, running ones up to the last', async () => {
  await write()
  await watch(0, 14 * bucketMs)
  to(14 * bucketMs)
  await write()
  // t0 is 16:00 in the city: its day began 16 hours before.
  const day = -16 * 12
  expect(coarse.get(`1h ${camera} 0`)).toMatchObject({ upMs: 12 * bucketMs, unknownMs: 0 })
  expect(coarse.get(`1h ${camera} 12`)).toMatchObject({ upMs: 2 * bucketMs })
  expect(coarse.get(`1d ${camera} ${day}`)).toMatchObject({ upMs: 14 * bucketMs, downMs: 0, unknownMs: 0, exemptMs: 0 })
  expect(probed.get(`1h ${camera} 0`)).toMatchObject({ at: t0, probes: 120, p50Ms: 14, p95Ms: 19 })
  expect(probed.has(`1h ${camera} 12`)).toBe(false)
})

test('late evidence rewrites the hour and the day over the buckets it touched, and the probe figures of the hour', async () => {
  await write()
  await watch(0, 2 * bucketMs)
  await watch(11 * bucketMs, 13 * bucketMs, { values: { clockOffsetMs: -40 } })
  to(13 * bucketMs)
  await centre.committer.expire()
  await write()
  const before = coarse.get(`1d ${camera} -192`)!
  expect(probed.get(`1h ${camera} 0`)).toMatchObject({ probes: 30, clockOffsetMs: -40 })
  const late = []
  for (let at = 2 * bucketMs; at < 11 * bucketMs; at += 30_000) late.push(look(camera, t0 + at, { ms: 7 }))
  await centre.send(batch(1_000, late))
  // More may follow: what was written stands until nothing has come for a while.
  expect(await write()).toBe(0)
  calm()
  await write()
  expect(coarse.get(`1h ${camera} 0`)).toMatchObject({ upMs: 12 * bucketMs, unknownMs: 0 })
  expect(coarse.get(`1d ${camera} -192`)).toMatchObject({ upMs: 13 * bucketMs, unknownMs: 0 })
  expect(before.unknownMs).toBeGreaterThan(0)
  expect(probed.get(`1h ${camera} 0`)).toMatchObject({ probes: 120, p50Ms: 7 })
})

test('a backlog that never rests is derived again all the same after a quarter of an hour', async () => {
  await write()
  await watch(0, bucketMs)
  await watch(3 * bucketMs, 4 * bucketMs)
  to(4 * bucketMs)
  await centre.committer.expire()
  await write()
  const gap = written.get(`${camera} 1`)
  for (let i = 0; i < 40; i++) {
    await centre.send(batch(1_000 + i, [look(camera, t0 + bucketMs + i * 7_000)]))
    expect(await write()).toBeLessThan(8)
    centre.clock.advance(20_000)
  }
  expect(written.get(`${camera} 1`)).toEqual(gap)
  for (let i = 40; i < 46; i++) {
    await centre.send(batch(1_000 + i, [look(camera, t0 + bucketMs + i * 7_000)]))
    centre.clock.advance(20_000)
  }
  await write()
  expect(written.get(`${camera} 1`)).not.toEqual(gap)
})

const adjust = (id: string, over: object) => {
  const row = {
    id,
    kind: 'exemption',
    count_as: 'exempt',
    status: 'approved',
    scope: { by: 'devices', values: [camera] },
    within: 'city',
    from_at: t0 + 60_000,
    to_at: t0 + 120_000,
    decided_at: 1,
    ...over,
  }
  centre.record.sqlite
    .prepare(
      `INSERT OR REPLACE INTO adjustment (id, kind, count_as, status, scope, within, from_at, to_at, reason, applicant, requested_by, requested_at, decided_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', '', 0, ?)`,
    )
    .run(
      ...[row.id, row.kind, row.count_as, row.status, JSON.stringify(row.scope), JSON.stringify(row.within)],
      ...[row.from_at, row.to_at, row.decided_at],
    )
  centre.record.sqlite
    .prepare(`INSERT INTO setting VALUES ('uptime', 'adjustments:version', ?1) ON CONFLICT DO UPDATE SET value = ?1`)
    .run(JSON.stringify(row))
  markAdjusted(centre.record.sqlite, {
    scope: row.scope,
    within: row.within,
    from: row.from_at,
    to: row.to_at,
  } as Parameters<typeof markAdjusted>[1])
}

test('an approved exemption shows in the buckets it touches, withdrawn no longer; probe figures stay as they were', async () => {
  await write()
  await watch(0, 3 * bucketMs)
  to(3 * bucketMs)
  await write()
  written.clear()
  probed.clear()
  adjust('a', {})
  await write()
  expect([...written.keys()]).toEqual([`${camera} 0`])
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: 240_000, exemptMs: 60_000 })
  expect(coarse.get(`1h ${camera} 0`)).toMatchObject({ upMs: 3 * bucketMs - 60_000, exemptMs: 60_000 })
  expect(coarse.get(`1d ${camera} -192`)).toMatchObject({ exemptMs: 60_000 })
  expect(probed.size).toBe(0)
  expect(await write()).toBe(0)
  adjust('a', { status: 'withdrawn' })
  await write()
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: bucketMs, exemptMs: 0 })
})

test('an exemption that lasts into the future shows in the buckets as they end', async () => {
  await write()
  await watch(0, bucketMs)
  to(bucketMs)
  adjust('a', { from_at: t0 + bucketMs - 60_000, to_at: t0 + 2 * bucketMs })
  await write()
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: 240_000, exemptMs: 60_000 })
  await watch(bucketMs, 3 * bucketMs)
  to(3 * bucketMs)
  await write()
  expect(written.get(`${camera} 1`)).toMatchObject({ upMs: 0, exemptMs: bucketMs })
  expect(written.get(`${camera} 2`)).toMatchObject({ upMs: bucketMs, exemptMs: 0 })
})

test('an adjustment is written again when the history was down', async () => {
  await write()
  await watch(0, bucketMs)
  to(bucketMs)
  await write()
  adjust('a', { count_as: 'down', kind: 'correction' })
  down = true
  await expect(write()).rejects.toThrow('history is down')
  down = false
  await write()
  expect(written.get(`${camera} 0`)).toMatchObject({ upMs: 240_000, downMs: 60_000 })
})
