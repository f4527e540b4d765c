/** Four kinds of time: up, down, unknown, exempt. */
import type { Interval } from '@hub/contracts'
import { intersectSpans, lengthOf, type Span, subtractSpans } from './span.ts'

/** Milliseconds. They add up to the period exactly. */
export type Totals = { up: number; down: number; unknown: number; exempt: number }

type Timed = Pick<Interval, 'from' | 'to' | 'state'>

/**
 * How the time of a period was spent. Exemption wins over every state; degraded is online, so it counts as up; time that no
 * interval covers is unknown. Intervals may come in any order but do not overlap; an open one lasts to the end of the period.
 */
export function account(intervals: Iterable<Timed>, period: Span, exempt: readonly Span[] = []): Totals {
  const exempted = intersectSpans([period], exempt)
  const due = subtractSpans([period], exempted)
  const up: Span[] = []
  const down: Span[] = []
  for (const { from, to, state } of intervals) {
    if (state === 'unknown' || from >= period.to || (to !== null && to <= period.from)) continue
    const stretch = { from, to: to ?? period.to }
    if (state === 'down') down.push(stretch)
    else up.push(stretch)
  }
  const totals = {
    up: lengthOf(intersectSpans(up, due)),
    down: lengthOf(intersectSpans(down, due)),
    exempt: lengthOf(exempted),
  }
  return { ...totals, unknown: Math.max(0, period.to - period.from) - totals.up - totals.down - totals.exempt }
}

/** 在线率 by time: up ÷ (due − exempt − unknown). Null when nothing is known. */
export const onlineRate = ({ up, down }: Pick<Totals, 'up' | 'down'>): number | null =>
  up + down > 0 ? up / (up + down) : null

/** Totals of many devices, or of many periods, together. */
export function addTotals(all: Iterable<Totals>): Totals {
  const sum = { up: 0, down: 0, unknown: 0, exempt: 0 }
  for (const { up, down, unknown, exempt } of all) {
    sum.up += up
    sum.down += down
    sum.unknown += unknown
    sum.exempt += exempt
  }
  return sum
}

/** The period in buckets of `stepMs`, cut at its multiples (since 1970, UTC); the first and the last may be shorter. `at`: where a bucket begins. */
export function bucketise(
  intervals: readonly Timed[],
  period: Span,
  stepMs: number,
  exempt: readonly Span[] = [],
): { at: number; totals: Totals }[] {
  const buckets: { at: number; totals: Totals }[] = []
  for (let at = period.from; at < period.to; ) {
    const to = Math.min(period.to, (Math.floor(at / stepMs) + 1) * stepMs)
    buckets.push({ at, totals: account(intervals, { from: at, to }, exempt) })
    at = to
  }
  return buckets
}
