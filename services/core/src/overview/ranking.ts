/** How rates are ranked and toned. */
import type { Snapshot } from '@hub/contracts'

/** Order of a league, worst first: lowest rate, then most down, then by key. Groups without a rate come last. */
export function worstFirst(a: { key: string; now: Snapshot }, b: { key: string; now: Snapshot }): number {
  const rate = (g: { now: Snapshot }) => g.now.rate ?? Number.POSITIVE_INFINITY
  if (rate(a) !== rate(b)) return rate(a) < rate(b) ? -1 : 1
  return b.now.down - a.now.down || (a.key < b.key ? -1 : Number(a.key > b.key))
}

export type RateTone = 'quiet' | 'amber' | 'red'

const point = 0.01
/** So that 0.94 against 0.96 is two points, whatever binary fractions make of it. */
const rounding = 1e-9

/** A rate against its target: at or above it quiet, up to two points below amber, more red. What is unknown (null) is quiet. */
export function rateTone(rate: number | null, target: number): RateTone {
  if (rate === null || rate >= target - rounding) return 'quiet'
  return target - rate <= 2 * point + rounding ? 'amber' : 'red'
}
