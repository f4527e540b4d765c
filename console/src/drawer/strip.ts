/** Stretches of time as the pieces of a strip, in parts of its width. */
import type { Span } from '@hub/core'

export type Piece<T> = { of: T; x: number; width: number; from: number; to: number }

/** What of the period the stretches cover; an open one (`to` null) lasts to its end. What they leave open is drawn as no knowledge at all. */
export function stripOf<T extends { from: number; to: number | null }>(
  stretches: readonly T[],
  period: Span,
): Piece<T>[] {
  const length = period.to - period.from
  if (length <= 0) return []
  return stretches.flatMap((of) => {
    const from = Math.max(period.from, of.from)
    const to = Math.min(period.to, of.to ?? period.to)
    return to <= from ? [] : [{ of, x: (from - period.from) / length, width: (to - from) / length, from, to }]
  })
}

/** Those that lie in a stretch of time, for a sentence about it. */
export const within = <T extends { from: number; to: number }>(stretches: readonly T[], { from, to }: Span): T[] =>
  stretches.filter((stretch) => stretch.from < to && stretch.to > from)
