/**
 * Probe figures, derived from the raw batches and written to the History: as their bucket ends, and again when late data changed the states
 * of a device. Writing one again is harmless, and a failed write is only a delay.
 */
import type { Observation } from '@hub/contracts'
import type { Span } from '@hub/core'
import {
  bucketMs,
  bucketStart,
  type Clock,
  createPacer,
  type History,
  type Keep,
  keptFrom,
  type ProbeBucket,
  type ProbeStep,
  type RecordStore,
  stepMs,
} from '@hub/platform'
import type { Directory } from './directory.ts'
import type { LateStretches } from './late-stretches.ts'
import { ProbeFigures } from './probe-figures.ts'
import { packedObservations, unpack } from './raw-batches.ts'
import type { Store } from './store.ts'

export type ProbeWriterDeps = {
  record: Pick<RecordStore, 'commit'>
  store: Store
  directory: Pick<Directory, 'device' | 'gateways'>
  history: Pick<History, 'writeProbes'>
  late: LateStretches
  keep: Keep
  clock: Clock
  /** Longest time that one raw batch covers, ms. */
  span: () => number
}

/** Buckets in one write. */
const writeSize = 2_000

/** Throws what History throws: run again later. */
export async function writeProbeFigures(deps: ProbeWriterDeps): Promise<void> {
  const { record, store, late, clock } = deps
  const end = bucketStart('5m', clock.now())
  if (late.written === 0) await record.commit(() => late.settle(store, end, []))
  late.begin(end)
  const pace = createPacer()
  await writeEnded(deps, end, pace)
  await writeLate(deps, pace)
}

async function writeEnded(deps: ProbeWriterDeps, end: number, pace: () => Promise<void>): Promise<void> {
  const { record, store, late } = deps
  for (let at = late.written; at < end; at += bucketMs) {
    const bucket = { from: at, to: at + bucketMs }
    await write(deps, pace, await figuresOf(deps, pace, bucket, '5m'))
    if (bucketStart('1h', bucket.to) === bucket.to)
      await write(deps, pace, await figuresOf(deps, pace, { from: bucket.to - stepMs['1h'], to: bucket.to }, '1h'))
    await record.commit(() => late.settle(store, bucket.to, []))
  }
}

async function writeLate(deps: ProbeWriterDeps, pace: () => Promise<void>): Promise<void> {
  const { record, store, late, clock } = deps
  const due = late.due(clock.now())
  if (due.length === 0) return
  const oldest = Math.min(...due.map(([, { from }]) => from))
  for (let at = bucketStart('1h', oldest); at < late.written; at += stepMs['1h']) {
    const hour = { from: at, to: Math.min(at + stepMs['1h'], late.written) }
    const touched = new Set(due.filter(([, { from, to }]) => from < hour.to && to > hour.from).map(([id]) => id))
    if (touched.size === 0) continue
    await write(deps, pace, await figuresOf(deps, pace, hour, '5m', touched))
    if (hour.to === at + stepMs['1h']) await write(deps, pace, await figuresOf(deps, pace, hour, '1h', touched))
  }
  await record.commit(() => late.settle(store, late.written, due))
}

async function write(
  { history, directory, keep, clock }: ProbeWriterDeps,
  pace: () => Promise<void>,
  figures: ProbeFigures,
): Promise<void> {
  const from = keptFrom(keep, figures.step === '5m' ? 'fiveMinutes' : 'hours', clock.now())
  let rows: ProbeBucket[] = []
  for (const row of figures.buckets(directory)) {
    if (row.at >= from && rows.push(row) >= writeSize) {
      await history.writeProbes(figures.step, rows)
      rows = []
    }
    await pace()
  }
  if (rows.length > 0) await history.writeProbes(figures.step, rows)
}

/** @param only of these devices; of all without it */
async function figuresOf(
  { store, directory, span }: ProbeWriterDeps,
  pace: () => Promise<void>,
  period: Span,
  step: ProbeStep,
  only?: ReadonlySet<string>,
): Promise<ProbeFigures> {
  const figures = new ProbeFigures(step)
  const isWanted = (device: string) => only?.has(device) ?? true
  const add = (o: Observation) => {
    if (o.at >= period.from && o.at < period.to && isWanted(o.device)) figures.add(o)
  }
  for (const gateway of directory.gateways()) {
    for (const o of packedObservations(store, gateway, [period], isWanted)) {
      add(o)
      await pace()
    }
    for (const row of store.batchesAt(gateway, period.from, period.to, span())) {
      for (const o of unpack(row.payload).observations) add(o)
      await pace()
    }
  }
  return figures
}
