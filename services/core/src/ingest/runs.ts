/** Runs: how observations compress, and which observations agree. */

import { hourMs } from '../common/time/units.ts'
import { isOneVersion, policyAt } from './dated.ts'
import type { Evidence, HealthPolicy, Run } from './types.ts'
import { maxConfirm } from './types.ts'

/** Whether an observation taken at `at` says the same as a run and follows, or falls into, it without a gap, under the same rules. `validity`: milliseconds until it is stale. */
export function extendsRun(
  run: Run,
  said: Pick<Evidence, 'verdict' | 'rung' | 'reason'>,
  at: number,
  validity: number,
  policy: HealthPolicy,
): boolean {
  return (
    run.verdict === said.verdict &&
    run.rung === said.rung &&
    run.reason === said.reason &&
    run.freshUntil - run.lastAt === validity &&
    at <= run.freshUntil &&
    Math.floor(run.firstAt / hourMs) === Math.floor(at / hourMs) &&
    isOneVersion(policy, run.firstAt, at)
  )
}

export const openRun = (observation: Evidence, validity: number): Run => ({
  verdict: observation.verdict,
  rung: observation.rung,
  reason: observation.reason,
  firstAt: observation.at,
  lastAt: observation.at,
  freshUntil: observation.at + validity,
  count: 1,
  heads: [observation.at],
})

/** The run with one more observation at its end. */
export const extendRun = (run: Run, at: number, validity: number): Run => ({
  verdict: run.verdict,
  rung: run.rung,
  reason: run.reason,
  firstAt: run.firstAt,
  lastAt: at,
  freshUntil: at + validity,
  count: run.count + 1,
  heads: run.heads.length < maxConfirm ? [...run.heads, at] : run.heads,
})

export const validityOf = ({ at, every }: Evidence, policy: HealthPolicy): number => {
  const { staleAfter, periodTolerance } = policyAt(policy, at)
  return staleAfter * heldPeriod(every, periodTolerance)
}

/**
 * A period as it is held, ms: rounded up to the greatest power of ten within the tolerance (29,786 to 30,000 at 0.1). A gateway that says
 * when its next probe is due to the millisecond says another number each time, and each would be a run of its own. A function of the
 * observation alone, so that runs do not depend on what came first.
 */
export function heldPeriod(every: number, tolerance: number): number {
  const most = tolerance * every
  let unit = 1
  while (unit * 10 <= most) unit *= 10
  return Math.ceil(every / unit) * unit
}

/** Whether a run goes on in another that begins after it. */
export const joins = (a: Run, b: Run, policy: HealthPolicy): boolean =>
  extendsRun(a, b, b.firstAt, b.freshUntil - b.lastAt, policy)

export const joinRuns = (a: Run, b: Run): Run => ({
  ...a,
  lastAt: b.lastAt,
  freshUntil: b.freshUntil,
  count: a.count + b.count,
  heads: [...a.heads, ...b.heads].slice(0, maxConfirm),
})
