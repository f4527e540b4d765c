/** Periods in the city's calendar (Asia/Shanghai): presets and any run of whole days. Pure: the present is an argument. */
import { dayMs, dayOf, dayStart, hourMs, minuteMs, monthOf, monthSpan, type Span } from '@hub/core'
import { monthBefore, startOfDay } from '../../lib/city-time.ts'

export const presets = ['24h', '7d', '30d', 'month', 'last-month', 'year'] as const
export type Preset = (typeof presets)[number]
/** Days `YYYY-MM-DD`, both included. */
export type Days = { first: string; last: string }
export type Period = Preset | Days

/** As far back as five years: longer is a slip of the finger. */
const longestDays = 5 * 366

/** `30d`, `2026-11-05`, `2026-11-01..2026-11-15`. Null when it is none of these. */
export function parsePeriod(text: string | null): Period | null {
  const preset = presets.find((p) => p === text)
  if (preset) return preset
  const [first = '', last = first, more] = (text ?? '').split('..')
  const [from, to] = [startOfDay(first), startOfDay(last)]
  if (more !== undefined || from === undefined || to === undefined || to < from) return null
  return (to - from) / dayMs < longestDays ? { first, last } : null
}

export const formatPeriod = (period: Period): string =>
  typeof period === 'string' ? period : period.first === period.last ? period.first : `${period.first}..${period.last}`

/** The first instant of the month of `at`, moved by `months`. */
export const monthStart = (at: number, months = 0): number => monthSpan(monthBefore(monthOf(at), -months)).from

/**
 * The whole of a period, also what of it is still to come (which no answer counts): so that one question keeps one address while time
 * passes. `24h` is the running hour and the 23 before it; `7d` and `30d` are today and the days before it.
 */
export function spanOf(period: Period, now: number): Span {
  if (typeof period !== 'string')
    return { from: startOfDay(period.first) ?? 0, to: (startOfDay(period.last) ?? 0) + dayMs }
  const tomorrow = dayStart(now) + dayMs
  switch (period) {
    case '24h': {
      const to = (Math.floor(now / hourMs) + 1) * hourMs
      return { from: to - dayMs, to }
    }
    case '7d':
      return { from: tomorrow - 7 * dayMs, to: tomorrow }
    case '30d':
      return { from: tomorrow - 30 * dayMs, to: tomorrow }
    case 'month':
      return { from: monthStart(now), to: monthStart(now, 1) }
    case 'last-month':
      return { from: monthStart(now, -1), to: monthStart(now) }
    case 'year': {
      const year = dayOf(now).slice(0, 4)
      return { from: startOfDay(`${year}-01-01`) ?? 0, to: (startOfDay(`${year}-12-31`) ?? 0) + dayMs }
    }
  }
}

/** The part of a period that has passed, to the minute. */
export const elapsed = ({ from, to }: Span, now: number): Span => ({
  from,
  to: Math.max(from, Math.min(to, Math.floor(now / minuteMs) * minuteMs)),
})

/** As long a stretch right before: what a period is compared with. */
export const previousOf = ({ from, to }: Span): Span => ({ from: from - (to - from), to: from })

/** Points of a trend: hours up to four days, days up to a year and a bit, then months. */
export function stepOf({ from, to }: Span): 'hour' | 'day' | 'month' {
  const days = (to - from) / dayMs
  return days <= 4 ? 'hour' : days <= 400 ? 'day' : 'month'
}

/** The period before or after: a whole month moves by months, a whole year by years, everything else by its length. */
export function shifted(period: Period, by: 1 | -1, now: number): Days {
  const { from, to } = spanOf(period, now)
  if (from === monthStart(from) && to === monthStart(from, 1))
    return daysOf(monthStart(from, by), monthStart(from, by + 1))
  if (from === spanOf('year', from).from && to === spanOf('year', from).to)
    return daysOf(monthStart(from, 12 * by), monthStart(from, 12 * by + 12))
  const length = Math.max(dayMs, to - from)
  const start = dayStart(from) + by * length
  return daysOf(start, start + length)
}

const daysOf = (from: number, to: number): Days => ({ first: dayOf(from), last: dayOf(to - 1) })
