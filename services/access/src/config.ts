/** What access reads of the configuration. */
import type { ConfigOf, PlatformConfig } from '@hub/platform'
import { z } from 'zod'

export const accessConfig = {
  /** First password of the user `admin`; random, and printed once, when absent. */
  adminPassword: z.string().min(8).max(256).optional(),
}
export type AccessConfig = PlatformConfig & ConfigOf<typeof accessConfig>
