/** When a linkage rule may act: a window of the city's day, which may run over midnight. */
import type { RuleDraft } from '@hub/contracts'
import { dayStart } from '../common/time/city.ts'
import { dayMs, minuteMs } from '../common/time/units.ts'

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/** 1 Monday … 7 Sunday. The first day of the epoch was a Thursday. */
export const weekdayOf = (at: number): number => ((Math.round((dayStart(at) - dayStart(0)) / dayMs) + 3) % 7) + 1

/**
 * Whether the instant lies in the window, which is half-open. One over midnight belongs to the day on which it begins; where `from` and
 * `to` are the same it is the whole day from then on.
 */
export function inSchedule({ days, from, to }: NonNullable<RuleDraft['schedule']>, at: number): boolean {
  const begins = minutesOf(from)
  const lasts = (minutesOf(to) - begins + 1_440) % 1_440 || 1_440
  const onDay = (day: number) => {
    const start = dayStart(day) + begins * minuteMs
    return at >= start && at < start + lasts * minuteMs && (days === undefined || days.includes(weekdayOf(day)))
  }
  return onDay(at) || onDay(at - dayMs)
}
