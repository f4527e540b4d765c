import { createHash } from 'node:crypto'
import { dayMs, defaultHealthPolicy, encodeRuns, hourMs, minuteMs, settledUntil, timelineOf } from '@hub/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { packRuns } from './run-packer.ts'
import { packAll } from './testing/pack-all.ts'
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

const json = (value: unknown) => JSON.parse(JSON.stringify(value))
const count = (table: string) =>
  (centre.record.sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n
const settled = (now: number) => settledUntil({ settleDays: 10 }, now)
const pack = async (evidenceDays = 1_000) => {
  await centre.committer.flush(10)
  while (!(await packRuns({ ...centre, settled, evidenceDays })));
}
let seq = 0
/** A look every five minutes. @param except those that do not come */
async function say(from: number, until: number, except: readonly number[] = []) {
  const looks = []
  for (let at = from; at < until; at += 5 * minuteMs)
    if (!except.includes(at)) looks.push(look(camera, at, { every: 5 * minuteMs }))
  centre.clock.advance(Math.max(0, until - centre.clock.now()))
  await centre.send(batch(++seq, looks))
  return looks
}

test('the runs of days that are over become one row a day, and read as before; the newest days stay', async () => {
  seq = 0
  await say(t0, t0 + 4 * dayMs)
  const before = centre.store.runsFrom(camera, 0)
  await pack()
  // Four hours of the first day, then whole days: t0 is at 16:00.
  expect([count('probe_run_pack'), count('probe_run')]).toEqual([3, 96 - 8 - 48])
  expect(json(centre.store.runsFrom(camera, 0))).toEqual(json(before))
  expect(json([...centre.store.runsBefore(camera, Number.MAX_SAFE_INTEGER)])).toEqual(json(before.toReversed()))
  expect(json(centre.store.runsFrom(camera, t0 + dayMs))).toEqual(json(before.filter((r) => r.firstAt >= t0 + dayMs)))
})

test('who reads only the newest of them leaves no statement half read: the log is given back', async () => {
  seq = 0
  await say(t0, t0 + 4 * dayMs)
  await pack()
  for (const _ of centre.store.runsBefore(camera, Number.MAX_SAFE_INTEGER)) break
  await say(centre.clock.now(), centre.clock.now() + hourMs)
  await centre.committer.flush(10)
  const { busy, log, checkpointed } = centre.record.sqlite.prepare('PRAGMA wal_checkpoint(RESTART)').get() as {
    [key in 'busy' | 'log' | 'checkpointed']: number
  }
  expect({ busy, left: log - checkpointed }).toEqual({ busy: 0, left: 0 })
})

test('what comes late for a packed day opens that day alone, is counted, and is packed again', async () => {
  seq = 0
  const missing = [t0 + dayMs, t0 + dayMs + 5 * minuteMs, t0 + dayMs + 10 * minuteMs, t0 + dayMs + 15 * minuteMs]
  const looks = await say(t0, t0 + 4 * dayMs, missing)
  await pack()
  expect(centre.intervals(camera).map(({ state }) => state)).toEqual(['up', 'unknown', 'up'])
  const late = missing.map((at) => look(camera, at, { every: 5 * minuteMs, verdict: 'fail', rung: 'reachable' }))
  await centre.send(batch(++seq, late))
  const all = json(timelineOf([...looks, ...late], defaultHealthPolicy))
  expect(json(centre.intervals(camera))).toEqual(all)
  expect(count('probe_run_pack')).toBe(2)
  centre.clock.advance(dayMs)
  const runs = json(centre.store.runsFrom(camera, 0))
  await pack()
  // And the day that is over since.
  expect(count('probe_run_pack')).toBe(4)
  expect(json(centre.store.runsFrom(camera, 0))).toEqual(runs)
})

test('a day is not packed while its device has said nothing on a later one: its last run may still grow', async () => {
  seq = 0
  await say(t0, t0 + 2 * hourMs)
  centre.clock.advance(3 * dayMs)
  await pack()
  expect(count('probe_run_pack')).toBe(0)
  await say(centre.clock.now(), centre.clock.now() + hourMs)
  centre.clock.advance(dayMs)
  await pack()
  expect(count('probe_run_pack')).toBe(1)
})

test('a settled month is one row with the digest of its runs; when their time is over the digest stays', async () => {
  seq = 0
  await say(t0, t0 + 10 * dayMs)
  await say(t0 + 10 * dayMs, t0 + 20 * dayMs)
  const january = Date.parse('2027-02-01T00:00:00+08:00')
  const runs = centre.store.runsFrom(camera, 0).filter(({ firstAt }) => firstAt < january)
  await pack()
  centre.clock.advance(10 * dayMs)
  await say(centre.clock.now(), centre.clock.now() + hourMs)
  await pack()
  const first = () =>
    centre.record.sqlite.prepare('SELECT to_at, count, digest, runs FROM probe_run_pack ORDER BY from_at').get() as {
      to_at: number
      count: number
      digest: Uint8Array
      runs: Uint8Array | null
    }
  const digest = createHash('sha256').update(encodeRuns(runs)).digest('hex')
  expect({ ...first(), digest: Buffer.from(first().digest).toString('hex') }).toMatchObject({
    to_at: january,
    count: runs.length,
    digest,
  })
  expect(json(centre.store.runsFrom(camera, 0).filter(({ firstAt }) => firstAt < january))).toEqual(json(runs))
  centre.clock.advance(dayMs)
  await pack(1)
  expect(Buffer.from(first().digest).toString('hex')).toBe(digest)
  expect(first().runs).toBeNull()
})

test('raw observations of packed batches are found for a late one that splits their run', async () => {
  seq = 0
  const looks = await say(t0, t0 + 2 * dayMs)
  await packAll(centre, 1)
  await say(centre.clock.now(), centre.clock.now() + hourMs)
  await packAll(centre, 2)
  expect([count('batch_pack'), count('batch')]).toEqual([1, 1])
  const at = t0 + dayMs + 1_000
  const late = [0, 1, 2].map((n) =>
    look(camera, at + n * 1_000, { verdict: 'fail', rung: 'reachable', every: 5 * minuteMs }),
  )
  await centre.send(batch(++seq, late))
  const told = timelineOf([...looks, ...late], defaultHealthPolicy).filter(({ from }) => from < t0 + 2 * dayMs)
  expect(json(centre.intervals(camera).slice(0, told.length - 1))).toEqual(json(told.slice(0, -1)))
})
