/** Late observations: the past of their devices is derived again, once for all of a device that wait. */
import type { Interval, Observation } from '@hub/contracts'
import {
  amend,
  type DeviceHealth,
  type Evidence,
  type HealthPolicy,
  mergeRuns,
  type Run,
  restartPoint,
  type Span,
  splits,
} from '@hub/core'
import type { Changes, Tracked } from './changes.ts'
import type { Directory } from './directory.ts'
import { type Projection, remember } from './projection.ts'
import { readRaw } from './raw-batches.ts'
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

type Past = { tracked: Tracked; observations: Observation[]; intervals: Interval[]; runs: Run[]; split: Run[] }

type Restated = { device: string; from: number; to: number }

/** Which late observations a transaction merges: of devices that have waited since `before`, until the time is up. */
type LateShare = { before: number; ms: number }
export const noLate: LateShare = { before: Number.NEGATIVE_INFINITY, ms: 0 }
export const allLate: LateShare = { before: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY }

/** Devices whose late observations are merged before the time is read again. */
const atOnce = 16
/** Time for devices of which the present may be another one: the rest of them waits as all late observations do. */
const presentMs = 15
/** Time that is added while too many wait. */
const tooManyMs = 30

/**
 * First those of devices that are written anyhow; then those of which the present may be another one; then the share.
 * @param share `most`: late observations that may wait; beyond, more time is spent on them
 */
export function mergeLate(changes: Changes, share: LateShare & { most: number }, context: LateContext): Restated[] {
  const { projection } = context
  const isLate = ({ late }: Tracked) => late.length > 0
  const written = [...changes.intervals.keys()].filter(isLate)
  const present = [...changes.amended].filter((tracked) => isLate(tracked) && !changes.intervals.has(tracked))
  const restated = amendLate(written, changes, context)
  const began = performance.now()
  const isOver = (ms: number) => performance.now() - began >= ms
  for (let i = 0; i < present.length; i += atOnce) {
    const some = present.slice(i, i + atOnce)
    if (isOver(Math.max(share.ms, presentMs))) for (const tracked of some) changes.amended.delete(tracked)
    else for (const stretch of amendLate(some, changes, context)) restated.push(stretch)
  }
  for (;;) {
    const tooMany = projection.lateObservations > share.most
    const devices = projection.behind(tooMany ? Number.POSITIVE_INFINITY : share.before, atOnce)
    if (devices.length === 0 || isOver(tooMany ? share.ms + tooManyMs : share.ms)) return restated
    for (const stretch of amendLate(devices, changes, context)) restated.push(stretch)
  }
}

/** Adds what it changes to `changes`, and returns the stretches whose figures are other ones now. */
function amendLate(devices: Iterable<Tracked>, changes: Changes, context: LateContext): Restated[] {
  const { store, projection, policy } = context
  const pasts = [...devices].map((tracked): Past => {
    changes.amended.add(tracked)
    const observations = projection.takeLate(tracked)
    // The rows are read below, so these must be whole.
    for (const interval of changes.intervals.get(tracked) ?? []) store.putInterval(tracked.id, interval, context.now)
    projection.writeRuns(store, tracked)
    const at = observations.reduce((least, o) => Math.min(least, o.at), Number.POSITIVE_INFINITY)
    const before = store.intervalsBefore(tracked.id, at, 2)
    const intervals = [...before, ...store.intervalsFrom(tracked.id, at)]
    const runs = store.runsFrom(tracked.id, restartPoint(before, at, store.runsBefore(tracked.id, at)))
    return { tracked, observations, intervals, runs, split: splits(runs, observations, policy) }
  })
  const expanded = expand(pasts, context)
  return pasts.flatMap((past) => rework(past, expanded.get(past.tracked.id) ?? new Map(), changes, context))
}

function rework(
  { tracked, observations, intervals, runs }: Past,
  expanded: ReadonlyMap<number, readonly Evidence[]>,
  changes: Changes,
  { store, projection, policy, now, notBefore }: LateContext,
): Restated[] {
  const device = tracked.id
  const merged = mergeRuns(runs, observations, expanded, policy)
  const heardUntil = (health: DeviceHealth) => projection.heardUntil(tracked, health, now)
  const amendment = amend({ intervals, runs: merged, policy, now, notBefore, heardUntil })
  replaceRuns(store, device, runs, merged)
  tracked.health = amendment.health
  for (const o of observations) remember(tracked, o)
  projection.write(store, tracked)
  if (amendment.replace) {
    // The open interval may begin after now, by as much as a gateway's clock may be ahead.
    const open = amendment.intervals.at(-1)?.to === null
    store.dropIntervals(device, amendment.replace.from, open ? Number.MAX_SAFE_INTEGER : amendment.replace.to, now)
    for (const interval of amendment.intervals) store.putInterval(device, interval, now)
  }
  projection.amended(tracked, observations, changes)
  if (amendment.corrected) changes.corrections.push({ device, ...amendment.corrected })
  // Where an observation fell, the probe figures are other ones too.
  const times = observations.map((o) => o.at)
  const touched = [{ device, from: Math.min(...times), to: Math.max(...times) + 1 }]
  return amendment.corrected ? [...touched, { device, ...amendment.corrected }] : touched
}

/** Writes only runs that differ: of a long past a late observation touches one or two. */
function replaceRuns(store: Store, device: string, was: readonly Run[], is: readonly Run[]): void {
  const old = new Map(was.map((run) => [run.firstAt, run]))
  const changed: Run[] = []
  for (const run of is) {
    const same = old.get(run.firstAt)
    old.delete(run.firstAt)
    if (!same || JSON.stringify(same) !== JSON.stringify(run)) changed.push(run)
  }
  store.openDays(device, [...changed.map(({ firstAt }) => firstAt), ...old.keys()])
  for (const run of changed) store.putRun(device, run)
  for (const firstAt of old.keys()) store.dropRun(device, firstAt)
}

/** Raw observations of every run that must be split, by device and by the run's beginning. */
function expand(pasts: readonly Past[], context: LateContext): Map<string, Map<number, Evidence[]>> {
  const { store, directory, span } = context
  const expanded = new Map<string, Map<number, Evidence[]>>()
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
  // A district may have had another gateway at that time: then observations are missing, and all are searched.
  const short = wanting.filter(({ tracked, split }) => split.some((run) => within(run, tracked.id).length < run.count))
  const others = all.filter((id) => !serving.includes(id))
  if (short.length > 0 && others.length > 0)
    for (const [id, more] of readRaw(store, others, spans(short), span))
      found.set(id, [...(found.get(id) ?? []), ...more])
  for (const { tracked, split } of wanting)
    expanded.set(tracked.id, new Map(split.map((run) => [run.firstAt, within(run, tracked.id)])))
  return expanded
}
