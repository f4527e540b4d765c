/**
 * Days of the city: Asia/Shanghai, UTC+8. China has kept no summer time since 1991, so a day is 24 hours and the offset
 * is a constant; no time-zone table is needed for any time the hub has records of.
 */
import type { Span } from './span.ts'

const offset = 8 * 3_600_000
const length = 24 * 3_600_000

/** When the day of an instant began. */
export const dayStart = (at: number): number => Math.floor((at + offset) / length) * length - offset

/** The day of an instant, `YYYY-MM-DD`. */
export const dayOf = (at: number): string => new Date(at + offset).toISOString().slice(0, 10)

/** The whole day of an instant. */
export const daySpan = (at: number): Span => ({ from: dayStart(at), to: dayStart(at) + length })

/** The whole month `YYYY-MM`. */
export function monthSpan(month: string): Span {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return { from: Date.UTC(year, number - 1) - offset, to: Date.UTC(year, number) - offset }
}

/** The days that a period touches, ascending, each cut to the period. */
export function daysIn({ from, to }: Span): (Span & { day: string })[] {
  const days: (Span & { day: string })[] = []
  for (let at = from; at < to; at = daySpan(at).to)
    days.push({ day: dayOf(at), from: at, to: Math.min(to, daySpan(at).to) })
  return days
}
