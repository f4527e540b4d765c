/**
 * The city's time (Asia/Shanghai, UTC+8 all year): what a person types of days, times and months, and back. What the rules too need of
 * it, and lengths of time, are core's. Pure.
 */
import { cityMinute, cityOffsetMs, dayMs, dayOf, dayStart, monthOf } from '@hub/core'

export const cityZone = 'Asia/Shanghai'

const daysOfWeek = 7
/** 1970-01-01 was a Thursday. */
const firstWeekday = 3

/** `2026-11-21T14:30` → UTC milliseconds; null when it is no time. */
export function instantOf(wall: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(wall)) return null
  const at = Date.parse(`${wall}+08:00`)
  // A day that its month does not have is no time: some engines would roll it over.
  return Number.isNaN(at) || wallOf(at) !== wall.slice(0, 16) ? null : at
}

/** UTC milliseconds → `2026-11-21T14:30`, as a date-time picker takes it. */
export const wallOf = (at: number): string => cityMinute(at).replace(' ', 'T')

/** `14:30` of an instant. */
export const clockOf = (at: number): string => wallOf(at).slice(11)

export const isMidnight = (at: number): boolean => dayStart(at) === at

/** 0 Monday … 6 Sunday. */
export const weekdayOf = (at: number): number => (Math.floor((at + cityOffsetMs) / dayMs) + firstWeekday) % daysOfWeek

/** When a day of the city begins. Undefined for what is no date: the 31st of June is none. */
export function startOfDay(day: string): number | undefined {
  if (!/^20\d{2}-\d{2}-\d{2}$/.test(day)) return undefined
  const at = instantOf(`${day}T00:00`)
  return at !== null && dayOf(at) === day ? at : undefined
}

/** The month so many before (or, negative, after) another: `('2026-01', 1)` → `2025-12`. */
export function monthBefore(month: string, back = 1): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const months = year * 12 + number - 1 - back
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** The last whole month: what a scorecard is made of. */
export const lastMonth = (now: number): string => monthBefore(monthOf(now))

export const isMonth = (text: string): boolean => /^20\d{2}-(0[1-9]|1[0-2])$/.test(text)

/** Length of a window of the clock in minutes, past midnight when it ends at or before its start; null when either is no time. */
export function windowMinutes(start: string, end: string): number | null {
  const [from, to] = [start, end].map(minuteOfDay)
  if (from === null || to === null || from === undefined || to === undefined) return null
  return to > from ? to - from : to - from + 1_440
}

function minuteOfDay(clock: string): number | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock)
  return found ? Number(found[1]) * 60 + Number(found[2]) : null
}
