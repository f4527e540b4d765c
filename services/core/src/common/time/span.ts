/** Half-open stretches of time `[from, to)`, UTC milliseconds, and their arithmetic. Empty ones are dropped. */
export type Span = { from: number; to: number }

/** The time in any of them: ascending, apart from one another. */
export function unionSpans(spans: readonly Span[]): Span[] {
  const result: Span[] = []
  for (const { from, to } of spans.filter((s) => s.from < s.to).sort((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else result.push({ from, to })
  }
  return result
}

/** The time in both. */
export function intersectSpans(a: readonly Span[], b: readonly Span[]): Span[] {
  const [left, right] = [unionSpans(a), unionSpans(b)]
  const result: Span[] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [x, y] = [left[i]!, right[j]!]
    const from = Math.max(x.from, y.from)
    const to = Math.min(x.to, y.to)
    if (from < to) result.push({ from, to })
    if (x.to < y.to) i++
    else j++
  }
  return result
}
