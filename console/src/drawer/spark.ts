/** The line of a measure over time, in the units of its box. Pure. */
import type { Span } from '@hub/core'

export type Spark = {
  /** An SVG path; it breaks where data is missing. */
  path: string
  /** Of what is drawn. */
  low: number
  high: number
  count: number
}

type Points = readonly (readonly [number, number])[]

/** So many usual gaps without a point is a hole in the data, not a long step. */
const holeFactor = 5

/** `points` oldest first. Null when there is none: one point is drawn as a dot. */
export function sparkOf(points: Points, { from, to }: Span, width: number, height: number): Spark | null {
  const drawn = points.filter(([at]) => at >= from && at <= to)
  if (drawn.length === 0 || to <= from) return null
  const values = drawn.map(([, value]) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const hole = holeFactor * usualGap(drawn)
  let path = ''
  let last: number | null = null
  for (const [at, value] of drawn) {
    const x = ((at - from) / (to - from)) * width
    const y = high === low ? height / 2 : height - ((value - low) / (high - low)) * height
    // A point after a hole begins anew; alone it is still seen, as a line of no length with round ends.
    const begins = last === null || at - last > hole
    path += `${begins ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
    if (begins) path += `L${x.toFixed(1)} ${y.toFixed(1)}`
    last = at
  }
  return { path, low, high, count: drawn.length }
}

/** The median: a few holes do not move it. */
function usualGap(points: Points): number {
  const gaps = points.slice(1).map(([at], n) => at - (points[n]?.[0] ?? at))
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0
}

/** The point nearest to a time. */
export function nearest(points: Points, at: number): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined
  for (const point of points) if (!best || Math.abs(point[0] - at) < Math.abs(best[0] - at)) best = point
  return best
}

/** Outside the range a value is no measurement: the sensor or its line is at fault. */
export const plausible = (value: number, { min, max }: { min: number; max: number }): boolean =>
  value >= min && value <= max
