/** Runs: how looks compress, and which looks agree. */
import type { HealthPolicy, Look, Run } from './types.ts'
import { maxConfirm } from './types.ts'

const hour = 3_600_000

/** Whether a look taken at `at` says the same as a run and follows, or falls into, it without a gap. `vouch`: milliseconds until it is stale. */
export function extendsRun(
  run: Run,
  said: Pick<Look, 'verdict' | 'rung' | 'reason'>,
  at: number,
  vouch: number,
): boolean {
  return (
    run.verdict === said.verdict &&
    run.rung === said.rung &&
    run.reason === said.reason &&
    run.freshUntil - run.lastAt === vouch &&
    at <= run.freshUntil &&
    Math.floor(run.firstAt / hour) === Math.floor(at / hour)
  )
}

export const openRun = (look: Look, vouch: number): Run => ({
  verdict: look.verdict,
  rung: look.rung,
  reason: look.reason,
  firstAt: look.at,
  lastAt: look.at,
  freshUntil: look.at + vouch,
  count: 1,
  heads: [look.at],
})

/** The run with one more look at its end. */
export const extendRun = (run: Run, at: number, vouch: number): Run => ({
  verdict: run.verdict,
  rung: run.rung,
  reason: run.reason,
  firstAt: run.firstAt,
  lastAt: at,
  freshUntil: at + vouch,
  count: run.count + 1,
  heads: run.heads.length < maxConfirm ? [...run.heads, at] : run.heads,
})

export const vouchOf = (look: Look, policy: HealthPolicy): number => policy.staleAfter * look.every

/** Whether a run goes on in another that begins after it. */
export const joins = (a: Run, b: Run): boolean => extendsRun(a, b, b.firstAt, b.freshUntil - b.lastAt)

export const joinRuns = (a: Run, b: Run): Run => ({
  ...a,
  lastAt: b.lastAt,
  freshUntil: b.freshUntil,
  count: a.count + b.count,
  heads: [...a.heads, ...b.heads].slice(0, maxConfirm),
})
