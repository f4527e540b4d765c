/**
 * Uptime buckets and probe figures, derived from the Record and written to the History: as they end, again when late data changed
 * the states under them, and again when an exemption or correction was approved or withdrawn. Writing one again is harmless, and a
 * failed write is only a delay. Running hours and days are written up to the last five minutes, so that the coarse buckets are
 * never behind the fine ones.
 */
import type { Span } from '@hub/core'
import {
  type AdjustmentIndex,
  bucketMs,
  bucketStart,
  type Clock,
  type dirtyQueue,
  type History,
  type Keep,
  keptFrom,
  type ProbeStep,
  type RecordStore,
  type Step,
  stepMs,
  type UptimeBucket,
} from '@hub/platform'
import type { Directory } from '../directory.ts'
import { unpack } from '../raw.ts'
import type { Store } from '../store.ts'
import type { DirtyBuckets } from './dirty.ts'
import { ProbeFigures } from './figures.ts'
import { pacer } from './pacer.ts'
import { bucketsOf, steps } from './times.ts'

export type BucketDeps = {
  record: Pick<RecordStore, 'commit'>
  store: Store
  directory: Pick<Directory, 'devices' | 'device' | 'gateways'>
  history: Pick<History, 'writeUptime' | 'writeProbes'>
  /** Late data has changed these: times and probe figures. */
  dirty: DirtyBuckets
  /** Exemptions and corrections have changed these: times alone. */
  adjusted: ReturnType<typeof dirtyQueue>
  adjustments: AdjustmentIndex
  keep: Keep
  clock: Clock
  /** Longest time that one raw batch covers, ms. */
  span: () => number
}

/** Buckets in one write. */
const writeSize = 5_000
/** Devices whose adjusted time is derived before it is written down that they are done. */
const adjustedPage = 100
/** A long stretch is derived in pieces of this length. */
const pieceMs = 10 * stepMs['1d']
/** What was adjusted waits for the next run after this long: the newest buckets come first. */
const adjustedMs = 20_000

/** @returns buckets of time written. Throws what History throws: run again later. */
export async function writeBuckets(deps: BucketDeps): Promise<number> {
  const { record, dirty, adjustments, clock } = deps
  const end = bucketStart('5m', clock.now())
  if (dirty.written === 0) await record.commit(() => dirty.settle(deps.store, end, []))
  dirty.begin(end)
  adjustments.reload()
  const run = openRun(deps)
  await writeEnded(deps, run, end)
  await writeLate(deps, run)
  await writeAdjusted(deps, run)
  return run.count()
}

type Run = ReturnType<typeof openRun>

/** Writes buckets as they fill a write. */
function openRun({ store, directory, history, adjustments, keep, clock }: BucketDeps) {
  const breathe = pacer()
  const waiting: Record<Step, UptimeBucket[]> = { '5m': [], '1h': [], '1d': [] }
  const from: Record<Step, number> = {
    '5m': keptFrom(keep, 'fiveMinutes', clock.now()),
    '1h': keptFrom(keep, 'hours', clock.now()),
    '1d': keptFrom(keep, 'days', clock.now()),
  }
  let count = 0
  const flush = async (step: Step) => {
    const rows = waiting[step]
    waiting[step] = []
    for (let i = 0; i < rows.length; i += writeSize) await history.writeUptime(step, rows.slice(i, i + writeSize))
    count += rows.length
  }
  return {
    breathe,
    count: () => count,
    /** The buckets of a device that a stretch touches. */
    async times(id: string, stretch: Span, end: number, withdraw: boolean) {
      const device = directory.device(id)
      if (!device) return
      const first = Math.max(stretch.from, Math.min(from['5m'], from['1h'], from['1d']), device.inServiceFrom ?? 0)
      for (let at = first; at < Math.min(stretch.to, end); at += pieceMs) {
        const piece = { from: at, to: Math.min(stretch.to, at + pieceMs) }
        const buckets = bucketsOf(id, device, piece, end, from, { store, adjustments }, withdraw)
        for (const step of steps) {
          for (const bucket of buckets[step]) waiting[step].push(bucket)
          if (waiting[step].length >= writeSize) await flush(step)
        }
        await breathe()
      }
    },
    async flush() {
      for (const step of steps) await flush(step)
    },
    async probes(figures: ProbeFigures) {
      const rows = [...figures.buckets(directory)].filter((row) => row.at >= from[figures.step])
      for (let i = 0; i < rows.length; i += writeSize)
        await history.writeProbes(figures.step, rows.slice(i, i + writeSize))
    },
  }
}

async function writeEnded(deps: BucketDeps, run: Run, end: number): Promise<void> {
  const { record, store, directory, dirty } = deps
  for (let at = dirty.written; at < end; at += bucketMs) {
    const bucket = { from: at, to: at + bucketMs }
    for (const [id] of [...directory.devices()]) await run.times(id, bucket, bucket.to, false)
    await run.flush()
    await run.probes(await figuresOf(deps, run, bucket, '5m'))
    if (bucketStart('1h', bucket.to) === bucket.to)
      await run.probes(await figuresOf(deps, run, { from: bucket.to - stepMs['1h'], to: bucket.to }, '1h'))
    await record.commit(() => dirty.settle(store, bucket.to, []))
  }
}

async function writeLate(deps: BucketDeps, run: Run): Promise<void> {
  const { record, store, dirty, clock } = deps
  const late = dirty.due(clock.now())
  if (late.length === 0) return
  for (const [id, stretch] of late) await run.times(id, stretch, dirty.written, true)
  await run.flush()
  const oldest = Math.min(...late.map(([, { from }]) => from))
  for (let at = bucketStart('1h', oldest); at < dirty.written; at += stepMs['1h']) {
    const hour = { from: at, to: Math.min(at + stepMs['1h'], dirty.written) }
    const touched = new Set(late.filter(([, { from, to }]) => from < hour.to && to > hour.from).map(([id]) => id))
    if (touched.size === 0) continue
    await run.probes(await figuresOf(deps, run, hour, '5m', touched))
    if (hour.to === at + stepMs['1h']) await run.probes(await figuresOf(deps, run, hour, '1h', touched))
  }
  await record.commit(() => dirty.settle(store, dirty.written, late))
}

async function writeAdjusted(deps: BucketDeps, run: Run): Promise<void> {
  const { record, store, dirty, adjusted, adjustments, clock } = deps
  const version = () => store.meta('adjustments:version')
  const giveUpAt = clock.now() + adjustedMs
  while (clock.now() < giveUpAt) {
    // In one turn: what is derived of these devices holds for all that was approved by now.
    adjustments.reload()
    const known = version()
    const page = adjusted.peek('', adjustedPage)
    if (page.length === 0) return
    for (const { device, from, to } of page) await run.times(device, { from, to }, dirty.written, true)
    await run.flush()
    const settled = await record.commit(() => {
      // The same stretch may have been marked again for another reason: then it looks the same, and is derived again.
      if (version() !== known) return false
      for (const stretch of page) adjusted.settle(stretch)
      return true
    })
    if (!settled) return
  }
}

/** @param only of these devices; of all without it */
async function figuresOf(
  { store, directory, span }: BucketDeps,
  { breathe }: Run,
  period: Span,
  step: ProbeStep,
  only?: ReadonlySet<string>,
): Promise<ProbeFigures> {
  const figures = new ProbeFigures(step)
  for (const gateway of directory.gateways())
    for (const row of store.batchesAt(gateway, period.from, period.to, span())) {
      for (const o of unpack(row.payload).observations)
        if (o.at >= period.from && o.at < period.to && (only?.has(o.device) ?? true)) figures.add(o)
      await breathe()
    }
  return figures
}
