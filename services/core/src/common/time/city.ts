/**
 * The city's time: Asia/Shanghai, UTC+8. China has kept no summer time since 1991, so a day is 24 hours and the offset
 * is a constant; no time-zone table is needed for any time the hub has records of.
 */
import type { Span } from './span.ts'
import { dayMs, hourMs } from './units.ts'

/** City time minus UTC. */
export const cityOffsetMs = 8 * hourMs

/** The city's calendar and clock at an instant: `YYYY-MM-DDTHH:mm:ss.sssZ`, where the `Z` is not meant. */
const wall = (at: number): string => new Date(at + cityOffsetMs).toISOString()

/** `YYYY-MM-DD HH:mm:ss`. */
export const cityTime = (at: number): string => wall(at).slice(0, 19).replace('T', ' ')

/** `YYYY-MM-DD HH:mm:ss.sss`. */
export const cityTimeExact = (at: number): string => wall(at).slice(0, 23).replace('T', ' ')

/** `YYYY-MM-DD HH:mm`. */
export const cityMinute = (at: number): string => wall(at).slice(0, 16).replace('T', ' ')

/** The day of an instant, `YYYY-MM-DD`. */
export const dayOf = (at: number): string => wall(at).slice(0, 10)

/** The month of an instant, `YYYY-MM`. */
export const monthOf = (at: number): string => wall(at).slice(0, 7)

/** When the day of an instant began. */
export const dayStart = (at: number): number => Math.floor((at + cityOffsetMs) / dayMs) * dayMs - cityOffsetMs

/** When a day `YYYY-MM-DD` begins. NaN when it is no date. */
export const dateStart = (day: string): number => Date.parse(`${day}T00:00:00Z`) - cityOffsetMs

/** The whole day of an instant. */
export const daySpan = (at: number): Span => ({ from: dayStart(at), to: dayStart(at) + dayMs })

/** The whole month `YYYY-MM`. */
export function monthSpan(month: string): Span {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return { from: Date.UTC(year, number - 1) - cityOffsetMs, to: Date.UTC(year, number) - cityOffsetMs }
}

/** The days that a period touches, ascending, each cut to the period. */
export function daysIn({ from, to }: Span): (Span & { day: string })[] {
  const days: (Span & { day: string })[] = []
  for (let at = from; at < to; at = daySpan(at).to)
    days.push({ day: dayOf(at), from: at, to: Math.min(to, daySpan(at).to) })
  return days
}
