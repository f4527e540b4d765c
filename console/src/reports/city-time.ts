/** What a person types of times and months, in the city's time (Asia/Shanghai, UTC+8 all year), and back. Pure. */

const offset = 8 * 3_600_000

/** `2026-11-21T14:30` → UTC milliseconds; null when it is no time. */
export function instantOf(wall: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(wall)) return null
  const at = Date.parse(`${wall}+08:00`)
  // A day that its month does not have is no time: some engines would roll it over.
  return Number.isNaN(at) || wallOf(at) !== wall.slice(0, 16) ? null : at
}

/** UTC milliseconds → `2026-11-21T14:30`, as a date-time picker takes it. */
export const wallOf = (at: number): string => new Date(at + offset).toISOString().slice(0, 16)

/** `2026-11` of an instant. */
export const monthOf = (at: number): string => wallOf(at).slice(0, 7)

/** The month so many before (or, negative, after) another: `('2026-01', 1)` → `2025-12`. */
export function monthBefore(month: string, back = 1): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const months = year * 12 + number - 1 - back
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** The month's first instant, and that of the next. */
export const monthSpan = (month: string): { from: number; to: number } => ({
  from: instantOf(`${month}-01T00:00`) ?? 0,
  to: instantOf(`${monthBefore(month, -1)}-01T00:00`) ?? 0,
})

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
