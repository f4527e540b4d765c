/** The period of a question: by default the last 24 h; it ends now at the latest. */
import { HubError } from '@hub/contracts'
import type { Span } from '@hub/core'

const dayMs = 86_400_000
const longestDays = 366

/** @throws HubError `request.invalid` */
export function periodOf(query: { from?: number | undefined; to?: number | undefined }, now: number): Span {
  // The future is not known.
  const to = Math.min(query.to ?? now, now)
  const from = query.from ?? to - dayMs
  if (from >= to)
    throw new HubError('request.invalid', { field: 'from', value: from, limit: `must be before to (${to})` })
  if (to - from > longestDays * dayMs)
    throw new HubError('request.invalid', {
      field: 'from',
      value: from,
      limit: `at most ${longestDays} days before to`,
    })
  return { from, to }
}
