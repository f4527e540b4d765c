/** Two observations at one instant: only one counts, and which one does not depend on which came first. */
import type { Verdict } from '@hub/contracts'
import { rungs } from '@hub/contracts'
import type { Run } from './types.ts'

/**
 * Blind says nothing, so it yields to every other verdict. That no data had come by then is disproved by data of then, which a sensor may have
 * kept and sent later. Otherwise the worse one counts.
 */
const weight: Record<Verdict, number> = { blind: 0, pass: 2, degraded: 3, fail: 4 }
const noDataWeight = 1
const weightOf = ({ verdict, reason }: Run): number => (reason === 'no-data' ? noDataWeight : weight[verdict])

/**
 * Whether `a` counts and `b` does not; both are runs of one observation at the same instant. A strict total order: what
 * weighs more, then the lower rung, then the reason (later in the alphabet), then the shorter cadence.
 */
export function prevails(a: Run, b: Run): boolean {
  const [mine, other] = [weightOf(a), weightOf(b)]
  if (mine !== other) return mine > other
  if (a.rung !== b.rung) return rungs.indexOf(a.rung) < rungs.indexOf(b.rung)
  if (a.reason !== b.reason) return (a.reason ?? '') > (b.reason ?? '')
  return a.freshUntil < b.freshUntil
}
