/** Four kinds of time: up, down, unknown, exempt. */
import type { Interval } from '@hub/contracts'
import type { Span } from './span.ts'

/** Milliseconds. They add up to the period exactly. */
export type Totals = { up: number; down: number; unknown: number; exempt: number }

export type Timed = Pick<Interval, 'from' | 'to' | 'state'>

/**
 * How the time of a period was spent, by the evidence alone (`accountAdjusted` applies exemptions and corrections). Degraded is
 * online, so it counts as up; time that no interval covers is unknown. Intervals may come in any order but do not overlap; an
 * open one lasts to the end of the period.
 */
export function account(intervals: Iterable<Timed>, period: Span): Totals {
  let up = 0
  let down = 0
  for (const { from, to, state } of intervals) {
    if (state === 'unknown') continue
    const begin = Math.max(from, period.from)
    const end = Math.min(to ?? period.to, period.to)
    if (begin >= end) continue
    if (state === 'down') down += end - begin
    else up += end - begin
  }
  return { up, down, unknown: Math.max(0, period.to - period.from) - up - down, exempt: 0 }
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
