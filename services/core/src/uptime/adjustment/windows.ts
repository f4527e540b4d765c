/** When an exemption or correction holds: its period, or the windows that come back inside it, in the city's time. */
import type { Adjustment, Recurrence } from '@hub/contracts'
import { dayStart } from '../../common/time/city.ts'
import type { Span } from '../../common/time/span.ts'
import { dayMs, minuteMs } from '../../common/time/units.ts'

/**
 * Ascending, never overlapping, cut to the period of `a` and to `within`. A window belongs to the dayMs on which it starts and may
 * last past midnight; one that starts before the period reaches into it, so that two periods side by side hold just what one
 * period over both does. Days of the month that a month lacks are skipped.
 */
export function windowsOf(a: Pick<Adjustment, 'from' | 'to' | 'recurrence'>, within: Span): Span[] {
  const from = Math.max(a.from, within.from)
  const to = Math.min(a.to, within.to)
  if (from >= to) return []
  if (!a.recurrence) return [{ from, to }]
  const after = minutesOf(a.recurrence.start) * minuteMs
  const length = a.recurrence.minutes * minuteMs
  const windows: Span[] = []
  for (let midnight = dayStart(from) - dayMs; midnight + after < to; midnight += dayMs) {
    const begin = midnight + after
    if (begin + length <= from || !comesBackOn(a.recurrence, midnight)) continue
    windows.push({ from: Math.max(begin, from), to: Math.min(begin + length, to) })
  }
  return windows
}

/** `HH:mm` as minutes after midnight. */
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

function comesBackOn({ weekdays, monthDays }: Recurrence, midnight: number): boolean {
  // Half a dayMs after a midnight of the city it is the same date in UTC.
  const date = new Date(midnight + dayMs / 2)
  if (weekdays) return weekdays.includes(date.getUTCDay() || 7)
  return monthDays?.includes(date.getUTCDate()) ?? true
}
