/** What uptime reads of the configuration. */
import { type ConfigOf, configPart, type PlatformConfig } from '@hub/platform'
import { z } from 'zod'

const share = z.number().min(0).max(1)

/** Thresholds of the other figures, 0 to 1. Defaults: the table of KPIs that the city's appraisal uses. */
export const uptimeConfig = configPart('policy.kpis', {
  platformNormal: share.default(0.96),
  intact: share.default(0.98),
  clock: share.default(0.98),
  /** A clock that is further off does not count as right. */
  clockSeconds: z.number().min(0).max(3_600).default(5),
  record: share.default(1),
  position: share.default(0.98),
})
export type UptimeConfig = PlatformConfig & ConfigOf<typeof uptimeConfig>
