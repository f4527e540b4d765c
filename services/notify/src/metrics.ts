/** Figures of notifications for Prometheus. */
import type { Metrics } from '@hub/platform'

export type NotificationMetrics = ReturnType<typeof notificationMetrics>

export const notificationMetrics = (metrics: Metrics) => ({
  notifications: metrics.counter(
    'hub_notifications_total',
    'Tries to send a notification: sent, failed (tried again), dead',
    ['channel', 'result'],
  ),
  queued: metrics.gauge('hub_notifications_queued', 'Notifications that wait, and that were given up', [
    'channel',
    'status',
  ]),
  lateSeconds: metrics.histogram(
    'hub_notifications_late_seconds',
    'From the decision to tell until the channel took it',
    [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 3_600, 86_400],
  ),
  failedDecisions: metrics.counter(
    'hub_notifications_failed_decisions_total',
    'Decisions that failed; they are tried again',
  ),
})
