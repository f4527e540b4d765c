/** Days of the city as numbers (since 1970-01-01), months as the rollups write them: `-(12 × year + month − 1)`. */
import { dayStart, hourMs, type Span } from '@hub/core'

export const dayMs = 86_400_000
const offset = -dayStart(0)
/** 00:00 of 1970-01-01 in the city, UTC milliseconds. */
const epoch = -(offset % dayMs)

export const dayNumber = (at: number): number => Math.floor((at - epoch) / dayMs)
export const startOfDay = (day: number): number => day * dayMs + epoch

/** The month of a day. */
export function monthOfDay(day: number): number {
  const date = new Date(day * dayMs)
  return -(12 * date.getUTCFullYear() + date.getUTCMonth())
}
/** Its first day. */
export const firstDayOf = (month: number): number => Date.UTC(Math.floor(-month / 12), -month % 12, 1) / dayMs
export const nextMonth = (month: number): number => month - 1

/** When a day or month begins. */
export const startOfPeriod = (period: number): number => startOfDay(period < 0 ? firstDayOf(period) : period)

/** Both ends included, as `uptime_sum.period` has them: all months or all days. */
export type PeriodRange = { low: number; high: number }

/** Days `[first, last)` as whole months, and the days beside them. */
export function rangesOf(first: number, last: number): PeriodRange[] {
  if (first >= last) return []
  const atMonthStart = (day: number) => firstDayOf(monthOfDay(day)) === day
  const from = atMonthStart(first) ? first : firstDayOf(nextMonth(monthOfDay(first)))
  const to = firstDayOf(monthOfDay(last))
  if (from >= to) return [{ low: first, high: last - 1 }]
  const ranges: PeriodRange[] = [{ low: monthOfDay(to - 1), high: monthOfDay(from) }]
  if (first < from) ranges.push({ low: first, high: from - 1 })
  if (to < last) ranges.push({ low: to, high: last - 1 })
  return ranges
}

/** The period cut at days or months of the city. */
export function cutAt(step: 'day' | 'month', { from, to }: Span): Span[] {
  const spans: Span[] = []
  for (let at = from; at < to; ) {
    const day = dayNumber(at)
    const end = startOfDay(step === 'day' ? day + 1 : firstDayOf(nextMonth(monthOfDay(day))))
    spans.push({ from: at, to: Math.min(to, end) })
    at = end
  }
  return spans
}

/** Whether a span that `cutAt` made is the whole day or month. */
export function isWhole(step: 'day' | 'month', { from, to }: Span): boolean {
  const day = dayNumber(from)
  const [first, next] =
    step === 'day' ? [day, day + 1] : [firstDayOf(monthOfDay(day)), firstDayOf(nextMonth(monthOfDay(day)))]
  return from === startOfDay(first) && to === startOfDay(next)
}

export const startOfHour = (at: number): number => Math.floor(at / hourMs) * hourMs

/** The period cut at whole hours. */
export function cutAtHours({ from, to }: Span): Span[] {
  const spans: Span[] = []
  for (let at = from; at < to; at = startOfHour(at) + hourMs)
    spans.push({ from: at, to: Math.min(to, startOfHour(at) + hourMs) })
  return spans
}

/** The whole days `[first, last)` of a period that end by `until`, and what of it lies outside them. */
export function wholeDays({ from, to }: Span, until: number): { first: number; last: number; rest: Span[] } {
  const first = dayNumber(from - 1) + 1
  const last = dayNumber(Math.min(to, until))
  if (first >= last) return { first, last: first, rest: from < to ? [{ from, to }] : [] }
  const [begin, end] = [startOfDay(first), startOfDay(last)]
  const rest = [
    { from, to: begin },
    { from: end, to },
  ]
  return { first, last, rest: rest.filter((span) => span.from < span.to) }
}
