/** The heat-map of days: weeks in columns, Monday at the top. Pure. */
import { dayMs, dayOf, dayStart, type RateTone, rateTone, type Span, type Totals } from '@hub/core'
import { startOfDay, weekdayOf } from '../../lib/city-time.ts'
import { spanOf } from './period.ts'

/** `none`: nothing was due, or there is no figure of it. `unknown`, `exempt`: nothing is known of the rate, mostly for this reason. */
export type DayTone = RateTone | 'unknown' | 'exempt' | 'none'
export type Day = Totals & { rate: number | null }
export type Cell = {
  day: string
  /** When it begins. */
  at: number
  /** 0 is the first week shown. */
  week: number
  /** 0 Monday … 6 Sunday. */
  weekday: number
  tone: DayTone
  /** A rate that leaves a good part of the day out: drawn hatched over its tone. */
  partly: 'unknown' | 'exempt' | null
  figures: Day | null
}
export type Calendar = { cells: Cell[]; weeks: number; months: { month: string; week: number }[] }

/** From this share of the due time on, what is left out of a rate is worth seeing. */
const worthSeeing = 0.2

/**
 * The 365 days that the calendar shows: up to today, or for an older period up to the end of its year; so that choosing a day of it
 * does not move it.
 */
export function calendarSpan({ from, to }: Span, now: number): Span {
  const today = dayStart(now) + dayMs
  const yearEnd = spanOf('year', to - 1).to
  const end = from < today - 365 * dayMs ? Math.min(today, yearEnd) : today
  return { from: end - 365 * dayMs, to: end }
}

export function layDays(points: readonly (Day & { at: number })[], { from, to }: Span, target: number): Calendar {
  const known = new Map(points.map((point) => [dayOf(point.at), point]))
  const lead = weekdayOf(from)
  const cells: Cell[] = []
  const months: Calendar['months'] = []
  for (let at = from, n = lead; at < to; at += dayMs, n++) {
    const day = dayOf(at)
    const week = Math.floor(n / 7)
    const figures = known.get(day) ?? null
    cells.push({ day, at, week, weekday: n % 7, ...toneOf(figures, target), figures })
    // A month is named above the first week that begins in it, where there is room for its name.
    if (Number(day.slice(8)) <= 7 && n % 7 === 0) months.push({ month: day.slice(0, 7), week })
  }
  return { cells, weeks: Math.ceil((lead + cells.length) / 7), months }
}

function toneOf(day: Day | null, target: number): Pick<Cell, 'tone' | 'partly'> {
  const due = day ? day.up + day.down + day.unknown + day.exempt : 0
  if (!day || due === 0) return { tone: 'none', partly: null }
  if (day.rate === null) return { tone: day.exempt > day.unknown ? 'exempt' : 'unknown', partly: null }
  const left = day.unknown + day.exempt >= worthSeeing * due
  return { tone: rateTone(day.rate, target), partly: left ? (day.exempt > day.unknown ? 'exempt' : 'unknown') : null }
}

const steps: Record<string, number> = {
  ArrowUp: -1,
  ArrowDown: 1,
  ArrowLeft: -7,
  ArrowRight: 7,
  PageUp: -28,
  PageDown: 28,
}

/** Where a key leads from the n-th of so many days; null when it leads nowhere. */
export function stepDay(key: string, n: number, count: number): number | null {
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const next = n + (steps[key] ?? 0)
  return next === n || next < 0 || next >= count ? null : next
}

/** The day's span, for an address. */
export const spanOfDay = (day: string): Span => {
  const from = startOfDay(day) ?? 0
  return { from, to: from + dayMs }
}
