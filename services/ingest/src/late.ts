/** Late observations: the past of their devices is derived again, once for all looks of a device that have gathered. */
import type { Interval, Observation } from '@hub/contracts'
import { amend, type HealthPolicy, type Look, type Run, restartPoint, type Span, splits, weave } from '@hub/core'
import type { Changes, Tracked } from './changes.ts'
import type { Directory } from './directory.ts'
import { type Projection, remember } from './projection.ts'
import { readRaw } from './raw.ts'
import type { Store } from './store.ts'

export type LateContext = {
  store: Store
  directory: Pick<Directory, 'device' | 'districtsOf' | 'gateways'>
  projection: Projection
  policy: HealthPolicy
  now: number
  /** Nothing goes stale before this. */
  notBefore: number
  /** Longest time that one batch covers, ms. */
  span: number
}

type Past = { tracked: Tracked; looks: Observation[]; intervals: Interval[]; runs: Run[]; split: Run[] }

type Restated = { device: string; from: number; to: number }

/** Which late looks a transaction takes in: of devices that have waited since `before`, until the time is up. */
type LateShare = { before: number; ms: number }
export const noLate: LateShare = { before: Number.NEGATIVE_INFINITY, ms: 0 }
export const allLate: LateShare = { before: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY }

/** Devices whose late looks are taken in between two looks at the time. */
const atOnce = 16

/**
 * First those of devices that are written anyhow, and of which the present may be another one; then the share.
 * @param share `most`: late looks that may wait; beyond, the time that is up does not count
 */
export function takeInLate(changes: Changes, share: LateShare & { most: number }, context: LateContext): Restated[] {
  const { projection } = context
  const due = new Set([...changes.amended, ...changes.intervals.keys()])
  const restated = amendLate(
    [...due].filter(({ late }) => late.length > 0),
    changes,
    context,
  )
  const until = performance.now() + share.ms
  for (;;) {
    const tooMany = projection.lateLooks > share.most
    const devices = projection.behind(tooMany ? Number.POSITIVE_INFINITY : share.before, atOnce)
    if (devices.length === 0 || !(tooMany || performance.now() < until)) return restated
    for (const stretch of amendLate(devices, changes, context)) restated.push(stretch)
  }
}

/** Adds what it changes to `changes`, and tells the stretches whose figures are other ones now. */
function amendLate(devices: Iterable<Tracked>, changes: Changes, context: LateContext): Restated[] {
  const { store, projection, policy } = context
  const pasts = [...devices].map((tracked): Past => {
    changes.amended.add(tracked)
    const looks = projection.takeLate(tracked)
    // The rows are read below, so these must be whole.
    for (const interval of changes.intervals.get(tracked) ?? []) store.putInterval(tracked.id, interval)
    projection.writeRuns(store, tracked)
    const at = looks.reduce((least, o) => Math.min(least, o.at), Number.POSITIVE_INFINITY)
    const before = store.intervalsBefore(tracked.id, at, 2)
    const intervals = [...before, ...store.intervalsFrom(tracked.id, at)]
    const runs = store.runsFrom(tracked.id, restartPoint(before, at, store.runsBefore(tracked.id, at)))
    return { tracked, looks, intervals, runs, split: splits(runs, looks, policy) }
  })
  const expanded = expand(pasts, context)
  return pasts.flatMap((past) => rework(past, expanded.get(past.tracked.id) ?? new Map(), changes, context))
}

function rework(
  { tracked, looks, intervals, runs }: Past,
  expanded: ReadonlyMap<number, readonly Look[]>,
  changes: Changes,
  { store, projection, policy, now, notBefore }: LateContext,
): Restated[] {
  const device = tracked.id
  const woven = weave(runs, looks, expanded, policy)
  const amendment = amend({ intervals, runs: woven, policy, now, notBefore })
  replaceRuns(store, device, runs, woven)
  tracked.health = amendment.health
  for (const o of looks) remember(tracked, o)
  projection.write(store, tracked)
  if (amendment.replace) {
    // The open interval may begin after now, by as much as a gateway's clock may be ahead.
    const open = amendment.intervals.at(-1)?.to === null
    store.dropIntervals(device, amendment.replace.from, open ? Number.MAX_SAFE_INTEGER : amendment.replace.to)
    for (const interval of amendment.intervals) store.putInterval(device, interval)
  }
  projection.amended(tracked, looks, changes)
  if (amendment.corrected) changes.corrections.push({ device, ...amendment.corrected })
  // Where a look fell, the probe figures are other ones too.
  const times = looks.map((o) => o.at)
  const touched = [{ device, from: Math.min(...times), to: Math.max(...times) + 1 }]
  return amendment.corrected ? [...touched, { device, ...amendment.corrected }] : touched
}

/** Writes only runs that differ: of a long past a late look touches one or two. */
function replaceRuns(store: Store, device: string, was: readonly Run[], is: readonly Run[]): void {
  const old = new Map(was.map((run) => [run.firstAt, run]))
  for (const run of is) {
    const same = old.get(run.firstAt)
    old.delete(run.firstAt)
    if (!same || JSON.stringify(same) !== JSON.stringify(run)) store.putRun(device, run)
  }
  for (const firstAt of old.keys()) store.dropRun(device, firstAt)
}

/** Raw looks of every run that must be split, by device and by the run's beginning. */
function expand(pasts: readonly Past[], context: LateContext): Map<string, Map<number, Look[]>> {
  const { store, directory, span } = context
  const expanded = new Map<string, Map<number, Look[]>>()
  const wanting = pasts.filter((past) => past.split.length > 0)
  if (wanting.length === 0) return expanded
  const spans = (list: readonly Past[]) =>
    new Map(
      list.map(({ tracked, split }): [string, Span[]] => [
        tracked.id,
        split.map((r) => ({ from: r.firstAt, to: r.lastAt + 1 })),
      ]),
    )
  const districts = new Set(wanting.map(({ tracked }) => directory.device(tracked.id)?.district))
  const all = [...directory.gateways()]
  const serving = all.filter((id) => [...districts].some((d) => d !== undefined && directory.districtsOf(id)?.has(d)))
  const found = readRaw(store, serving, spans(wanting), span)
  const within = (run: Run, id: string) =>
    (found.get(id) ?? []).filter((o) => o.at >= run.firstAt && o.at <= run.lastAt)
  // A district may have had another gateway at that time: then looks are missing, and all are searched.
  const short = wanting.filter(({ tracked, split }) => split.some((run) => within(run, tracked.id).length < run.count))
  const others = all.filter((id) => !serving.includes(id))
  if (short.length > 0 && others.length > 0)
    for (const [id, more] of readRaw(store, others, spans(short), span))
      found.set(id, [...(found.get(id) ?? []), ...more])
  for (const { tracked, split } of wanting)
    expanded.set(tracked.id, new Map(split.map((run) => [run.firstAt, within(run, tracked.id)])))
  return expanded
}
