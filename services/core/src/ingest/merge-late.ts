/** Late observations: putting them where they belong among the runs, whatever the order they came in. */
import { extendsRun, joinRuns, joins, openRun, validityOf } from './runs.ts'
import { prevails } from './tie.ts'
import type { Evidence, HealthPolicy, Run } from './types.ts'
import { maxConfirm } from './types.ts'

/** The runs that observations fall into without agreeing. Their raw observations (`firstAt` to `lastAt`, both included) are needed for merging. */
export function splits(runs: readonly Run[], observations: readonly Evidence[], policy: HealthPolicy): Run[] {
  return runs.filter(
    (run) =>
      !remembersAll(run) &&
      observations.some(
        (observation) =>
          isInside(run, observation.at) &&
          !extendsRun(run, observation, observation.at, validityOf(observation, policy), policy),
      ),
  )
}

/**
 * The runs (ascending) of all observations: those behind `runs` and the new ones, in any order. `expanded` holds the raw observations of
 * each of `splits`, by `firstAt`; more than these do no harm. Throws RangeError when one is missing.
 */
export function mergeRuns(
  runs: readonly Run[],
  observations: readonly Evidence[],
  expanded: ReadonlyMap<number, readonly Evidence[]>,
  policy: HealthPolicy,
): Run[] {
  const whole: Run[] = []
  const single = new Map<number, Run>()
  for (const run of runs) {
    const raw = expanded.get(run.firstAt)
    if (raw) for (const observation of raw) put(single, openRun(observation, validityOf(observation, policy)))
    else if (remembersAll(run)) for (const at of run.heads) put(single, oneOf(run, at))
    else whole.push(run)
  }
  for (const observation of observations) put(single, openRun(observation, validityOf(observation, policy)))
  const pieces = [...absorbInside(whole, single, policy), ...single.values()].sort((a, b) => a.firstAt - b.firstAt)
  return joinAll(pieces, policy)
}

const remembersAll = (run: Run): boolean => run.count <= run.heads.length
const isInside = (run: Run, at: number): boolean => at >= run.firstAt && at <= run.lastAt

/** One of the observations of a run, as a run of its own. */
const oneOf = (run: Run, at: number): Run => ({
  ...run,
  firstAt: at,
  lastAt: at,
  freshUntil: at + run.freshUntil - run.lastAt,
  count: 1,
  heads: [at],
})

/** At each instant one observation counts. */
function put(single: Map<number, Run>, one: Run): void {
  const other = single.get(one.firstAt)
  if (!other || prevails(one, other)) single.set(one.firstAt, one)
}

/** Takes the observations that fall into a whole run out of `single` and into the run. */
function absorbInside(whole: readonly Run[], single: Map<number, Run>, policy: HealthPolicy): Run[] {
  return whole.map((run) => {
    let result = run
    for (const one of single.values()) {
      if (!isInside(run, one.firstAt)) continue
      if (!joins(run, one, policy)) throw new RangeError(`run of ${run.firstAt} is split at ${one.firstAt}: expand it`)
      single.delete(one.firstAt)
      result = insert(result, one.firstAt)
    }
    return result
  })
}

/** An observation that is known to have been counted (at an end, or among the heads) is not counted again. */
function insert(run: Run, at: number): Run {
  if (at === run.lastAt || run.heads.includes(at)) return run
  const heads = [...run.heads, at].sort((a, b) => a - b).slice(0, maxConfirm)
  return { ...run, count: run.count + 1, heads }
}

function joinAll(pieces: readonly Run[], policy: HealthPolicy): Run[] {
  const joined: Run[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last && joins(last, piece, policy)) joined[joined.length - 1] = joinRuns(last, piece)
    else joined.push(piece)
  }
  return joined
}
