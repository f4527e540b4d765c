/** Figures of the outages room for Prometheus. */
import type { Metrics } from '@hub/platform'

export type OutageMetrics = ReturnType<typeof outageMetrics>

const seconds = [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30]

export const outageMetrics = (metrics: Metrics) => ({
  open: metrics.gauge('hub_outages_open', 'Outages in which a device is down'),
  events: metrics.counter('hub_outages_events_total', 'Changes of state that were correlated'),
  settleSeconds: metrics.histogram('hub_outages_settle_seconds', 'Explaining what is new, without writing it', seconds),
  lateSeconds: metrics.histogram(
    'hub_outages_late_seconds',
    'From the decision that a first device is down to its outage in the Record',
    seconds,
  ),
  judged: metrics.gauge('hub_outages_judged', 'Outages of this month of which people said something'),
  agreed: metrics.gauge('hub_outages_agreed', 'Of these, those of which all that was said is that the hub was right'),
  failedWrites: metrics.counter('hub_outages_failed_writes_total', 'Transactions that failed; they are tried again'),
})
