/** What emergency reads of the configuration. */
import { type ConfigOf, configPart, type PlatformConfig } from '@hub/platform'
import { z } from 'zod'

export const emergencyConfig = configPart('emergency', {
  /** Which duty unit answers for an incident that nobody handed over. */
  duty: z.string().trim().min(1).max(128).default('市应急指挥中心'),
})
export type EmergencyConfig = PlatformConfig & ConfigOf<typeof emergencyConfig>
