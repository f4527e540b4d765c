/** Figures of notices for Prometheus. */
import type { Metrics } from '@hub/platform'

export type NoticeMetrics = ReturnType<typeof noticeMetrics>

export const noticeMetrics = (metrics: Metrics) => ({
  notices: metrics.counter('hub_notices_total', 'Tries to send a notice: sent, failed (tried again), dead', [
    'channel',
    'result',
  ]),
  queued: metrics.gauge('hub_notices_queued', 'Notices that wait, and that were given up', ['channel', 'status']),
  lateSeconds: metrics.histogram(
    'hub_notices_late_seconds',
    'From the decision to tell until the channel took it',
    [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 3_600, 86_400],
  ),
  failedLooks: metrics.counter('hub_notices_failed_looks_total', 'Decisions that failed; they are tried again'),
})
