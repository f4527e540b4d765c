/** The one place where time is accounted with exemptions and corrections on top of the evidence. */
import { account, type Timed, type Totals } from '../../common/time/account.ts'
import type { Span } from '../../common/time/span.ts'
import { type Claim, type Override, overridesOf } from './claims.ts'

/**
 * How the time of a period was spent. Exempt wins over all; then the correction decided last states what its time was; the rest
 * is as `account` says. Intervals and claims in any order; claims may overlap, intervals do not. The four add up to the period.
 */
export function accountAdjusted(intervals: Iterable<Timed>, period: Span, claims: readonly Claim[]): Totals {
  return claims.length === 0 ? account(intervals, period) : accountEach(intervals, [period], claims)[0]!
}

/**
 * `accountAdjusted` for each of many periods in one pass over the intervals. Periods ascend and do not overlap.
 */
export function accountEach(
  intervals: Iterable<Timed>,
  periods: readonly Span[],
  claims: readonly Claim[] = [],
): Totals[] {
  const all = periods.map(({ from, to }) => ({ up: 0, down: 0, unknown: Math.max(0, to - from), exempt: 0 }))
  if (periods.length === 0) return all
  const whole = { from: periods[0]!.from, to: periods.at(-1)!.to }
  const overrides = overridesOf(claims, whole)
  /** Moves the time of a stretch from unknown to another kind. */
  const spend = (from: number, to: number, as: 'up' | 'down' | 'exempt') => {
    for (let i = firstEndingAfter(periods, from); i < periods.length && periods[i]!.from < to; i++) {
      const { from: begin, to: end } = periods[i]!
      const time = Math.min(end, to) - Math.max(begin, from)
      if (time <= 0) continue
      all[i]![as] += time
      all[i]!.unknown -= time
    }
  }
  for (const { from, to, countAs } of overrides) if (countAs !== 'unknown') spend(from, to, countAs)
  for (const { from, to, state } of intervals) {
    if (state === 'unknown') continue
    const as = state === 'down' ? 'down' : 'up'
    const end = to ?? whole.to
    let at = from
    for (let i = firstEndingAfter(overrides, from); i < overrides.length && overrides[i]!.from < end; i++) {
      if (at < overrides[i]!.from) spend(at, overrides[i]!.from, as)
      at = overrides[i]!.to
    }
    if (at < end) spend(at, end, as)
  }
  return all
}

/** Index of the first span that ends after `at`; the length when none does. */
function firstEndingAfter(spans: readonly (Span | Override)[], at: number): number {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (spans[middle]!.to > at) high = middle
    else low = middle + 1
  }
  return low
}
