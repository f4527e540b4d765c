/** Two looks at one instant: only one counts, and which one does not depend on which came first. */
import type { Verdict } from '@hub/contracts'
import { rungs } from '@hub/contracts'
import type { Run } from './types.ts'

/** Blind says nothing, so it yields to every other verdict; otherwise the worse one counts. */
const weight: Record<Verdict, number> = { blind: 0, pass: 1, degraded: 2, fail: 3 }

/**
 * Whether `a` counts and `b` does not; both are runs of one look at the same instant. A strict total order: the worse
 * verdict, then the lower rung, then the reason (later in the alphabet), then the shorter cadence.
 */
export function prevails(a: Run, b: Run): boolean {
  if (a.verdict !== b.verdict) return weight[a.verdict] > weight[b.verdict]
  if (a.rung !== b.rung) return rungs.indexOf(a.rung) < rungs.indexOf(b.rung)
  if (a.reason !== b.reason) return (a.reason ?? '') > (b.reason ?? '')
  return a.freshUntil < b.freshUntil
}
