/** Late looks: putting them where they belong among the runs, whatever the order they came in. */
import { extendsRun, joinRuns, joins, openRun, vouchOf } from './runs.ts'
import { prevails } from './tie.ts'
import type { HealthPolicy, Look, Run } from './types.ts'
import { maxConfirm } from './types.ts'

/** The runs that looks fall into without agreeing. Their raw looks (`firstAt` to `lastAt`, both included) are needed for weaving. */
export function splits(runs: readonly Run[], looks: readonly Look[], policy: HealthPolicy): Run[] {
  return runs.filter(
    (run) =>
      !remembersAll(run) &&
      looks.some((look) => isInside(run, look.at) && !extendsRun(run, look, look.at, vouchOf(look, policy))),
  )
}

/**
 * The runs (ascending) of all looks: those behind `runs` and the new ones, in any order. `expanded` holds the raw looks of
 * each of `splits`, by `firstAt`; more than these do no harm. Throws RangeError when one is missing.
 */
export function weave(
  runs: readonly Run[],
  looks: readonly Look[],
  expanded: ReadonlyMap<number, readonly Look[]>,
  policy: HealthPolicy,
): Run[] {
  const whole: Run[] = []
  const single = new Map<number, Run>()
  for (const run of runs) {
    const raw = expanded.get(run.firstAt)
    if (raw) for (const look of raw) put(single, openRun(look, vouchOf(look, policy)))
    else if (remembersAll(run)) for (const at of run.heads) put(single, oneOf(run, at))
    else whole.push(run)
  }
  for (const look of looks) put(single, openRun(look, vouchOf(look, policy)))
  return joinAll([...absorbInside(whole, single), ...single.values()].sort((a, b) => a.firstAt - b.firstAt))
}

const remembersAll = (run: Run): boolean => run.count <= run.heads.length
const isInside = (run: Run, at: number): boolean => at >= run.firstAt && at <= run.lastAt

/** One of the looks of a run, as a run of its own. */
const oneOf = (run: Run, at: number): Run => ({
  ...run,
  firstAt: at,
  lastAt: at,
  freshUntil: at + run.freshUntil - run.lastAt,
  count: 1,
  heads: [at],
})

/** At each instant one look counts. */
function put(single: Map<number, Run>, one: Run): void {
  const other = single.get(one.firstAt)
  if (!other || prevails(one, other)) single.set(one.firstAt, one)
}

/** Takes the looks that fall into a whole run out of `single` and into the run. */
function absorbInside(whole: readonly Run[], single: Map<number, Run>): Run[] {
  return whole.map((run) => {
    let result = run
    for (const one of single.values()) {
      if (!isInside(run, one.firstAt)) continue
      if (!joins(run, one)) throw new RangeError(`run of ${run.firstAt} is split at ${one.firstAt}: expand it`)
      single.delete(one.firstAt)
      result = insert(result, one.firstAt)
    }
    return result
  })
}

/** A look that is known to have been counted (at an end, or among the heads) is not counted again. */
function insert(run: Run, at: number): Run {
  if (at === run.lastAt || run.heads.includes(at)) return run
  const heads = [...run.heads, at].sort((a, b) => a - b).slice(0, maxConfirm)
  return { ...run, count: run.count + 1, heads }
}

function joinAll(pieces: readonly Run[]): Run[] {
  const joined: Run[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last && joins(last, piece)) joined[joined.length - 1] = joinRuns(last, piece)
    else joined.push(piece)
  }
  return joined
}
