/** Intervals as the pieces of a strip, in parts of its width. */
import type { DeviceState, Interval } from '@hub/contracts'

export type Piece = { state: DeviceState; x: number; width: number; from: number; to: number }

/** What of `[from, to)` the intervals cover. What they leave open is drawn as no knowledge at all. */
export function stripOf(intervals: readonly Interval[], from: number, to: number): Piece[] {
  const span = to - from
  if (span <= 0) return []
  return intervals.flatMap((interval) => {
    const start = Math.max(from, interval.from)
    const end = Math.min(to, interval.to ?? to)
    if (end <= start) return []
    return [{ state: interval.state, x: (start - from) / span, width: (end - start) / span, from: start, to: end }]
  })
}
