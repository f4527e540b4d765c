/** Figures of the journal for Prometheus. */
import type { Metrics } from '../../metrics.ts'

export const journalMetrics = (metrics: Metrics) => ({
  rows: metrics.gauge(
    'hub_history_journal_rows',
    'Points that wait, by what for: open (write and first reading), settling',
    ['phase'],
  ),
  oldest: metrics.gauge(
    'hub_history_journal_oldest_seconds',
    'How long the oldest point has waited for its first reading',
  ),
  bytes: metrics.gauge('hub_history_journal_bytes', 'Bytes of the journal in use'),
  rewritten: metrics.counter(
    'hub_history_journal_rewritten_total',
    'Points written again because the store did not give them back',
  ),
  refused: metrics.counter('hub_history_journal_refused_total', 'Offers of a point that the store refused'),
  expired: metrics.counter(
    'hub_history_journal_expired_total',
    'Points that grew older than they are kept before the store had them',
  ),
  turnedAway: metrics.counter(
    'hub_history_journal_turned_away_total',
    'Points turned away because the journal was full or its disk was; they are derived again from the Record',
  ),
})
