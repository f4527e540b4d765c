/** What a trend draws, as plain numbers. */
import type { TrendPoint, UptimePoint } from '@hub/contracts'
import { percentDigits } from '@hub/core'

/** A point of `/uptime/series` as a trend draws it. */
export const trendPoint = ({ at, up, down, unknown, rate }: UptimePoint): TrendPoint => {
  const due = up + down + unknown
  return { at, rate, unknown: due > 0 ? unknown / due : 0 }
}

export type TrendSeries = {
  /** Seconds since 1970, as the chart counts. */
  at: number[]
  rate: (number | null)[]
  /** The rate had all unknown time been down, and had it all been up. */
  low: (number | null)[]
  high: (number | null)[]
}

/**
 * `rate` is up ÷ (due − exempt − unknown). With `u` the unknown share of the time, up is rate × (1 − u) of it: that is the rate
 * if all of the unknown was down, and adding `u` gives it if all was up.
 */
export function trendSeries(points: readonly TrendPoint[]): TrendSeries {
  const low = ({ rate, unknown }: TrendPoint) => (rate === null ? null : rate * (1 - unknown))
  return {
    at: points.map((p) => p.at / 1_000),
    rate: points.map((p) => p.rate),
    low: points.map(low),
    high: points.map((p) => (p.rate === null ? null : (low(p) ?? 0) + p.unknown)),
  }
}

/** A day at least, in seconds: a hub that has just begun shows its first points where they belong. */
export function timeRange({ at }: TrendSeries): [number, number] {
  const last = at.at(-1) ?? 0
  return [Math.min(at[0] ?? 0, last - 86_400), last]
}

/** The range of the axis: all that is known of the rate and the target, with room, never above 100 %. */
export function rateRange(series: TrendSeries, target: number): [number, number] {
  const known = series.rate.filter((rate) => rate !== null)
  const lowest = Math.min(target, ...known)
  const margin = Math.max(0.01, (1 - lowest) * 0.15)
  return [Math.max(0, Math.floor((lowest - margin) * 100) / 100), 1]
}

/** Null when nothing is known. */
export function summarise(points: readonly TrendPoint[]) {
  const known = points.filter((point): point is TrendPoint & { rate: number } => point.rate !== null)
  const first = known[0]
  const last = known.at(-1)
  if (!first || !last) return null
  const rates = known.map((point) => point.rate)
  return { from: first.at, to: last.at, min: Math.min(...rates), max: Math.max(...rates), last: last.rate }
}

/** A label of the axis: `96 %`, `96.5 %`. The steps of an axis are sums of binary fractions: what is a tenth but for these is the tenth. */
export const axisRate = (rate: number): string => `${Number(percentDigits(rate + 1e-9, 1))} %`
