/** Figures of the rollups for Prometheus. */
import type { Metrics } from '@hub/platform'

export type UptimeMetrics = ReturnType<typeof uptimeMetrics>

export const uptimeMetrics = (metrics: Metrics) => ({
  dirty: metrics.gauge('hub_uptime_dirty_devices', 'Devices with days to be derived again'),
  rolledUpTo: metrics.gauge('hub_uptime_rolled_up_to_timestamp_seconds', 'Days that ended by then are rolled up'),
})
