/** What sensors measured, for rooms that act on values. One message for each batch with such values; it stays in the centre. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { measureNames } from './telemetry.ts'

export const Measured = z.strictObject({
  v: z.literal(1),
  /** When the batch was received. */
  at: Instant,
  /** Where its devices are. */
  districts: z.array(DistrictCode).min(1),
  /** In the order in which the gateway sent them. */
  samples: z
    .array(
      z.strictObject({
        device: DeviceId,
        /** Event time. */
        at: Instant,
        values: z.partialRecord(z.enum(measureNames), z.number()),
      }),
    )
    .min(1),
})
export type Measured = z.infer<typeof Measured>
