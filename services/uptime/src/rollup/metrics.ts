/** Figures of uptime for Prometheus. */
import type { Metrics } from '@hub/platform'

export type UptimeMetrics = ReturnType<typeof uptimeMetrics>

export const uptimeMetrics = (metrics: Metrics) => ({
  pendingDays: metrics.gauge('hub_uptime_pending_devices', 'Devices with days to be derived again'),
  pendingBuckets: metrics.gauge('hub_uptime_pending_bucket_devices', 'Devices with buckets to be written again'),
  rolledUpTo: metrics.gauge('hub_uptime_rolled_up_to_timestamp_seconds', 'Days that ended by then are rolled up'),
})
