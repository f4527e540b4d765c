/** Working days of China, with swapped ones. `chinese-days` answers "workday" for years it has no data for: such years are refused. */
import { HubError } from '@hub/contracts'
import chineseDays from 'chinese-days'
import { dayOf, dayStart } from '../common/time/city.ts'
import { dayMs } from '../common/time/units.ts'

/** Years of the library's data. The State Council announces a year in the autumn before. */
const knownYears = { first: 2004, last: 2026 }

/** Days off and working weekends of further years, as a configuration supplies them: `YYYY-MM-DD` → whether work is done. */
export type Calendar = { years: readonly number[]; days: ReadonlyMap<string, boolean> }
export const noCalendar: Calendar = { years: [], days: new Map() }

/** @throws calendar.unknown for a year that neither the library nor the calendar covers. */
export function isWorkday(day: string, calendar: Calendar = noCalendar): boolean {
  const year = Number(day.slice(0, 4))
  if (calendar.years.includes(year)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
    return calendar.days.get(day) ?? (weekday !== 0 && weekday !== 6)
  }
  if (year < knownYears.first || year > knownYears.last)
    throw new HubError('calendar.unknown', { value: day, limit: `${knownYears.first}–${knownYears.last}` })
  return chineseDays.isWorkday(day)
}

/** The n-th working day after the day of an instant, `YYYY-MM-DD`. */
export function workdayAfter(at: number, n: number, calendar: Calendar = noCalendar): string {
  let start = dayStart(at)
  for (let left = n; left > 0; ) {
    start += dayMs
    if (isWorkday(dayOf(start), calendar)) left--
  }
  return dayOf(start)
}

/** `ms` later, counting only time on working days (of 24 hours). */
export function addWorkingTime(at: number, ms: number, calendar: Calendar = noCalendar): number {
  let now = at
  for (let left = ms; ; ) {
    const next = dayStart(now) + dayMs
    if (isWorkday(dayOf(now), calendar)) {
      if (left <= next - now) return now + left
      left -= next - now
    }
    now = next
  }
}
