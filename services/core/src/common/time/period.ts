/** The period of a question: by default the last 24 h; it ends now at the latest. */
import { HubError, limitText } from '@hub/contracts'
import type { Span } from './span.ts'
import { dayMs } from './units.ts'

const longestDays = 366

/** @throws HubError `request.invalid` when it is empty or too long */
export function periodOf(query: { from?: number | undefined; to?: number | undefined }, now: number): Span {
  // The future is not known.
  const to = Math.min(query.to ?? now, now)
  const from = query.from ?? to - dayMs
  if (from >= to)
    throw new HubError('request.invalid', { field: 'from', value: from, limit: limitText('before-to', { to }) })
  if (to - from > longestDays * dayMs)
    throw new HubError('request.invalid', {
      field: 'from',
      value: from,
      limit: limitText('days-before-to', { days: longestDays }),
    })
  return { from, to }
}
