/** The dated record of a device: what was true when, and when it was said. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Application, Carrier, DeviceId, DeviceKind } from '../common/identity.ts'
import { instant } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { DeviceRecord, PointClass } from './record.ts'
import { Stage } from './stage.ts'

/** `asOf`: as known then; absent: as known now. */
export const DeviceHistoryQuery = z.strictObject({ asOf: instant.optional() })

export const DeviceHistory = z.strictObject({
  device: DeviceId,
  asOf: Instant,
  record: DeviceRecord,
  /** Side by side, oldest first; 0: ever, null: no end. */
  tenures: z.array(
    z.strictObject({
      from: z.int(),
      to: Instant.nullable(),
      saidAt: z.int(),
      district: DistrictCode,
      application: Application,
      carrier: Carrier,
      pointType: PointClass,
      /** '' for none, as `zone` and `maintainer`. */
      project: z.string(),
      zone: z.string(),
      maintainer: z.string(),
      kind: DeviceKind,
      stage: Stage,
      pole: z.string().nullable(),
      feed: z.string().nullable(),
      /** The due time in it; both null where there is none. */
      dueFrom: z.int().nullable(),
      dueTo: Instant.nullable(),
    }),
  ),
  /** What was said by then, newest first. */
  statements: z.array(
    z.strictObject({ saidAt: z.int(), from: z.int(), to: Instant.nullable(), adjustment: z.uuid().nullable() }),
  ),
})
export type DeviceHistory = z.infer<typeof DeviceHistory>
