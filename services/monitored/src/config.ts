/** Which systems are watched beside the hub and its gateways. */
import { type ConfigOf, configPart, type PlatformConfig } from '@hub/platform'
import { z } from 'zod'

/** Sites whose normality is reported beside that of the hub and its gateways: asked by HTTP GET, normal when they answer 2xx or 3xx in time. */
export const monitoredConfig = configPart('platforms', {
  everySeconds: z.number().min(5).max(3_600).default(60),
  timeoutSeconds: z.number().min(1).max(60).default(10),
  sites: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 of a–z, 0–9, -'),
        name: z.string().min(1).max(64),
        url: z
          .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
          .max(2_048)
          // It is shown to whoever sees the report.
          .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'must hold no login'),
      }),
    )
    .max(1_000)
    .default([]),
})
export type MonitoredConfig = PlatformConfig & ConfigOf<typeof monitoredConfig>
