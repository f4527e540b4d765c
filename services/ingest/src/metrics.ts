/** Figures of ingest for Prometheus. */
import type { Metrics } from '@hub/platform'

export type IngestMetrics = ReturnType<typeof ingestMetrics>

export const ingestMetrics = (metrics: Metrics) => ({
  observations: metrics.counter('hub_ingest_observations_total', 'Observations committed'),
  batches: metrics.counter('hub_ingest_batches_total', 'Batches committed'),
  duplicates: metrics.counter('hub_ingest_duplicate_batches_total', 'Batches that were already on disk'),
  waitingBatches: metrics.gauge('hub_ingest_waiting_batches', 'Batches that wait for a commit'),
  waitingBytes: metrics.gauge('hub_ingest_waiting_bytes', 'Bytes of the batches that wait for a commit'),
  repeated: metrics.counter(
    'hub_ingest_repeated_batches_total',
    'Batches dropped because the same one waited for a commit already',
  ),
  shed: metrics.counter(
    'hub_ingest_shed_batches_total',
    'Batches let go without an acknowledgement for want of room; their gateways send them again',
  ),
  late: metrics.counter('hub_ingest_late_observations_total', 'Late observations that were merged into the past'),
  lateWaiting: metrics.gauge('hub_ingest_late_waiting', 'Late observations on disk that wait to be merged'),
  deadLetters: metrics.counter('hub_ingest_dead_letters_total', 'Batches and observations refused'),
  unsigned: metrics.counter('hub_ingest_unsigned_batches_total', 'Batches taken that no gateway has signed'),
  failedCommits: metrics.counter(
    'hub_ingest_failed_commits_total',
    'Transactions that failed; nothing of them was acknowledged',
  ),
  transitions: metrics.counter('hub_ingest_transitions_total', 'Changes of present state'),
  events: metrics.counter('hub_ingest_events_total', 'Events that cameras noticed'),
  corrections: metrics.counter('hub_ingest_corrections_total', 'Corrections of the past'),
  commitSeconds: metrics.histogram(
    'hub_ingest_commit_seconds',
    'From the first statement of a transaction to its durable end',
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
  ),
  lag: metrics.gauge('hub_ingest_lag_seconds', 'Age of the newest observation of the last commit'),
  behind: metrics.gauge('hub_ingest_behind_seconds', 'Age of the newest data, as far as the hub is the reason'),
  isBehind: metrics.gauge('hub_ingest_behind', '1 while the hub is behind: no silence is judged, no outage opens'),
  loopLate: metrics.gauge('hub_ingest_loop_late_seconds', 'How late the last timer came; the longest of ten seconds'),
  gatewayLag: metrics.gauge('hub_ingest_gateway_lag_seconds', 'Age of the newest observation at the last commit', [
    'gateway',
  ]),
  unwritten: metrics.gauge(
    'hub_ingest_unwritten_devices',
    'Devices whose newest evidence is in memory and in raw batches only',
  ),
  telemetryLost: metrics.counter(
    'hub_ingest_telemetry_lost_batches_total',
    "Raw batches deleted by age before their sensors' values were in the history",
  ),
})
