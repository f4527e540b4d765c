/** What the S-curve draws, as plain numbers. */
import type { Progress } from '@hub/contracts'
import { instantOf } from '../../../lib/city-time.ts'

export const curveLines = ['planned', 'built', 'accepted', 'inService'] as const
export type CurveLine = (typeof curveLines)[number]

export type CurveSeries = {
  /** Seconds since 1970, as the chart counts: noon of the day in the city, so that every zone calls it by the same date. */
  at: number[]
} & Record<CurveLine, (number | null)[]>

export function curveSeries(curve: Progress['curve']): CurveSeries {
  return {
    at: curve.map(({ day }) => secondsOf(day)),
    planned: curve.map((point) => point.planned),
    built: curve.map((point) => point.built),
    accepted: curve.map((point) => point.accepted),
    inService: curve.map((point) => point.inService),
  }
}

/** Noon of a day, in seconds, as the chart takes it. */
export const secondsOf = (day: string): number => (instantOf(`${day}T12:00`) ?? 0) / 1_000

/** The last point that is not in the future: today. Null for an empty curve. */
export function todayOf(curve: Progress['curve']): Progress['curve'][number] | null {
  return curve.findLast((point) => point.built !== null) ?? null
}

/** The curve is worth drawing when the plan has more than one date: a single step is a figure, not a curve. */
export const isDrawn = (curve: Progress['curve']): boolean => curve.length > 1

/** From 0 to the highest count, with room above it. */
export function countRange(curve: Progress['curve']): [number, number] {
  const highest = Math.max(0, ...curve.flatMap((point) => curveLines.map((line) => point[line] ?? 0)))
  return [0, Math.max(1, highest * 1.05)]
}
