/** Correcting a device's past: only the stretch that late observations can have changed is folded again. */
import { type DeviceState, type Interval, Rule } from '@hub/contracts'
import type { Span } from '../common/time/span.ts'
import { applyIntervals, fold } from './fold.ts'
import { agreesWith } from './judge.ts'
import { expire } from './observe.ts'
import type { DeviceHealth, HealthPolicy, Run } from './types.ts'
import { neverSeen } from './types.ts'

/**
 * From where runs are needed (`firstAt ≥` it) to take in observations at `at` or later: the beginning of the last stored interval
 * that begins before `at`. The observations that set that state lie at its beginning and after, and no earlier ones matter to it.
 * Give intervals ascending, with at least the last one that begins before `at`. 0 when there is none: all runs are needed.
 * `runs`: those that begin before `at`, newest first, read only as far as needed. With them a state that has lasted long is
 * not folded from its beginning, but from the last run that says it again after it was set: there no streak is pending.
 */
export function restartPoint(intervals: readonly Interval[], at: number, runs: Iterable<Run> = []): number {
  const present = intervals.findLast((interval) => interval.from < at)
  if (!present) return 0
  for (const run of runs) {
    if (run.firstAt <= (present.rule.lastAt ?? present.from)) break
    if (agreesWith(healthIn(present), run.verdict)) return run.firstAt
  }
  return present.from
}

export type Amendment = {
  health: DeviceHealth
  /** Delete the stored intervals whose `from` is in here, then insert `intervals`. Null: nothing stored changes. */
  replace: Span | null
  intervals: Interval[]
  /** The stretch in which the state is another one now, for the bus. Null when at most rules changed. */
  corrected: Span | null
}

/**
 * Folds again from a restart point, exactly as if everything were folded.
 * `intervals`: as stored, ascending: the last two that begin before the first late observation (fewer only when there are no
 * more), and all after. `runs`: after merging, all with `firstAt ≥ restartPoint(…)`, the present run included.
 * The present state may have changed too: compare `health` with what it was.
 */
export function amend(past: {
  intervals: readonly Interval[]
  runs: readonly Run[]
  policy: HealthPolicy
  now: number
  notBefore?: number
  /** The instant up to which silence is known, for the evidence that there is then; `now` when absent. */
  heardUntil?: (health: DeviceHealth) => number
}): Amendment {
  const firstAt = past.runs[0]?.firstAt ?? 0
  const index = past.intervals.findLastIndex((interval) => interval.from < firstAt)
  const folded = fold(past.runs, past.policy, healthIn(past.intervals[index]))
  const until = past.heardUntil?.(folded.health) ?? past.now
  const { health, effects } = expire(folded.health, until, past.policy, past.notBefore)
  const was = past.intervals.slice(Math.max(index, 0))
  return { health, ...difference(was, applyIntervals(folded.intervals, effects), past.now) }
}

const healthIn = (interval: Interval | undefined): DeviceHealth =>
  interval ? { ...neverSeen, state: interval.state, since: interval.from, rule: interval.rule } : neverSeen

function difference(was: readonly Interval[], is: readonly Interval[], now: number): Omit<Amendment, 'health'> {
  let head = 0
  while (head < was.length && head < is.length && sameInterval(was[head]!, is[head]!)) head++
  let tail = 0
  while (tail < was.length - head && tail < is.length - head && sameInterval(was.at(-1 - tail)!, is.at(-1 - tail)!))
    tail++
  const before = was.slice(head, was.length - tail)
  const after = is.slice(head, is.length - tail)
  const changed = [...before, ...after]
  if (changed.length === 0) return { replace: null, intervals: [], corrected: null }
  // An open interval ends now for this purpose, or just after its beginning when a gateway's clock is ahead.
  const edges = changed.flatMap(({ from, to }) => [from, to ?? Math.max(now, from + 1)])
  return {
    replace: { from: Math.min(...edges), to: Math.max(...edges) },
    intervals: after,
    corrected: restated(before, after, edges, now),
  }
}

/**
 * From the first to the last instant before now at which two timelines differ in state. Where there is no interval the
 * state is unknown.
 */
function restated(
  before: readonly Interval[],
  after: readonly Interval[],
  edges: readonly number[],
  now: number,
): Span | null {
  const past = [...new Set(edges)].filter((at) => at < now).sort((a, b) => a - b)
  const differs = (at: number) => stateAt(before, at) !== stateAt(after, at)
  const first = past.find(differs)
  return first === undefined ? null : { from: first, to: past[past.findLastIndex(differs) + 1] ?? now }
}

const stateAt = (intervals: readonly Interval[], at: number): DeviceState =>
  intervals.find(({ from, to }) => from <= at && (to === null || at < to))?.state ?? 'unknown'

const sameInterval = (a: Interval, b: Interval): boolean =>
  a.from === b.from &&
  a.to === b.to &&
  a.state === b.state &&
  ruleFields.every((field) => a.rule[field] === b.rule[field])

const ruleFields = Object.keys(Rule.shape) as (keyof Rule)[]
