/**
 * Uptime buckets: intervals cut into five minutes and written to the History. Every bucket is derived from the Record, so
 * writing one again is harmless, and a failed write is only a delay. One bucket of all devices is in memory at a time.
 */
import { bucketise, intersectSpans, type Span } from '@hub/core'
import { bucketMs, type Clock, type History, type RecordStore, type UptimeBucket } from '@hub/platform'
import type { Directory, Listed } from '../directory.ts'
import { unpack } from '../raw.ts'
import type { Store } from '../store.ts'
import type { DirtyBuckets } from './dirty.ts'
import { ProbeTimes } from './figures.ts'

export type BucketDeps = {
  record: Pick<RecordStore, 'commit'>
  store: Store
  directory: Pick<Directory, 'devices' | 'device' | 'gateways'>
  history: Pick<History, 'writeBuckets'>
  dirty: DirtyBuckets
  clock: Clock
  /** Longest time that one raw batch covers, ms. */
  span: () => number
}

/** Buckets in one write. */
const writeSize = 5_000
/** After so many milliseconds of work the event loop gets a turn. */
const sliceMs = 10

/** Writes every bucket that has ended since the last run, and again those that corrections touched. Throws what History throws. */
export async function writeBuckets(deps: BucketDeps): Promise<number> {
  const { record, store, directory, history, dirty, clock } = deps
  const end = floor(clock.now())
  if (dirty.written === 0) await record.commit(() => dirty.settle(store, end, []))
  dirty.begin(end)
  const stale = dirty.entries()
  const breathe = pacer()
  let count = 0
  const oldest = stale.reduce((least, [, { from }]) => Math.min(least, floor(from)), dirty.written)
  for (let at = oldest; at < end; at += bucketMs) {
    const bucket = { from: at, to: at + bucketMs }
    const fresh = at >= dirty.written
    const devices = fresh
      ? [...directory.devices()]
      : stale
          .filter(([, { from, to }]) => from < bucket.to && to > bucket.from)
          .flatMap(([id]): [string, Listed][] => listed(directory, id))
    if (devices.length > 0) {
      const times = await probeTimes(bucket, deps, breathe)
      const rows: UptimeBucket[] = []
      for (const [id, device] of devices) {
        rows.push(...bucketOf(id, device, bucket, store, times))
        await breathe()
      }
      for (let i = 0; i < rows.length; i += writeSize) await history.writeBuckets(rows.slice(i, i + writeSize))
      count += rows.length
    }
    if (fresh) await record.commit(() => dirty.settle(store, bucket.to, []))
  }
  if (stale.length > 0) await record.commit(() => dirty.settle(store, dirty.written, stale))
  return count
}

const floor = (at: number): number => Math.floor(at / bucketMs) * bucketMs

function listed(directory: Pick<Directory, 'device'>, id: string): [string, Listed][] {
  const device = directory.device(id)
  return device ? [[id, device]] : []
}

/** None when the device was not due. */
function bucketOf(id: string, device: Listed, bucket: Span, store: Store, times: ProbeTimes): UptimeBucket[] {
  const { district, application, carrier, inServiceFrom, inServiceTo } = device
  if (inServiceFrom === null) return []
  const service = { from: inServiceFrom, to: inServiceTo ?? Number.MAX_SAFE_INTEGER }
  const [due] = intersectSpans([bucket], [service])
  if (!due) return []
  const [cut] = bucketise(store.intervalsIn(id, due.from, due.to), due, bucketMs)
  const { up, down, unknown, exempt } = cut!.totals
  const time = { upMs: up, downMs: down, unknownMs: unknown, exemptMs: exempt }
  return [{ device: id, district, application, carrier, at: bucket.from, ...time, ...times.of(id) }]
}

async function probeTimes(
  bucket: Span,
  { store, directory, span }: BucketDeps,
  breathe: () => Promise<void>,
): Promise<ProbeTimes> {
  const times = new ProbeTimes()
  for (const gateway of directory.gateways())
    for (const row of store.batchesAt(gateway, bucket.from, bucket.to, span())) {
      for (const o of unpack(row.payload).observations) if (o.at >= bucket.from && o.at < bucket.to) times.add(o)
      await breathe()
    }
  return times
}

/** Gives the event loop a turn now and then: acknowledgements do not wait for figures. */
function pacer(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    await new Promise((resolve) => setImmediate(resolve))
    since = performance.now()
  }
}
