/** Latest values of a sensor and their history, as the API answers them. */
import { z } from 'zod'
import { DeviceId } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { measureNames } from './telemetry.ts'

/** Latest value and history of what a sensor measures. */
export const TelemetryQuery = z.strictObject({
  measure: z.enum(measureNames).optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
})
export const TelemetryAnswer = z.strictObject({
  device: DeviceId,
  asOf: Instant,
  from: Instant,
  to: Instant,
  measures: z.array(
    z.strictObject({
      measure: z.enum(measureNames),
      unit: z.string(),
      /** Outside it a value is refused as implausible. */
      min: z.number(),
      max: z.number(),
      latest: z.strictObject({ at: Instant, value: z.number() }).nullable(),
      /** Oldest first, at most `limit` newest. */
      points: z.array(z.tuple([Instant, z.number()])),
    }),
  ),
})
export type TelemetryAnswer = z.infer<typeof TelemetryAnswer>
