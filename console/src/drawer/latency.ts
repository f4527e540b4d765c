/** The figures of a sparkline. */
import type { Observation } from '@hub/contracts'

export type Latency = { points: string; median: number; max: number; count: number }

/** Oldest at the left. Null with fewer than two timed probes: one point is no line. */
export function latencyOf(probes: readonly Observation[], width: number, height: number): Latency | null {
  const taken = probes.flatMap((probe) => (probe.ms === undefined ? [] : [probe.ms])).reverse()
  if (taken.length < 2) return null
  const max = Math.max(...taken)
  const sorted = taken.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const median = sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
  const points = taken
    .map(
      (ms, n) => `${((n / (taken.length - 1)) * width).toFixed(1)},${(height - (ms / (max || 1)) * height).toFixed(1)}`,
    )
    .join(' ')
  return { points, median: Math.round(median), max: Math.round(max), count: taken.length }
}
