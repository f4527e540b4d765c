/** What an adjustment says that the record was over a stretch of the past; and what is said of it between the rooms. */
import { z } from 'zod'
import { Application, Carrier, DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { PointClass, recordFields } from '../registry/record.ts'
import { mostNamedDevices } from '../registry/registry-changed.ts'

/** '' for none. */
const orNone = <T extends z.ZodType<string>>(schema: T) => z.union([z.literal(''), schema])

/** What is given was so; what is not stays as it is on record. The district is of the code, and never another one. */
export const RecordChange = z
  .strictObject({
    carrier: Carrier.optional(),
    application: Application.optional(),
    pointType: PointClass.optional(),
    project: orNone(recordFields.project.schema).optional(),
    zone: orNone(recordFields.zone.schema).optional(),
    maintainer: orNone(recordFields.maintainer.schema).optional(),
    pole: orNone(recordFields.poleNumber.schema).optional(),
    feed: orNone(recordFields.powerSource.schema).optional(),
    /** Whether it was due. */
    due: z.boolean().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined))
export type RecordChange = z.infer<typeof RecordChange>

const stretch = { v: z.literal(1), at: Instant, from: Instant, to: Instant, change: RecordChange }

/** The registry has taken a change that reaches back, and holds it: it is to be applied for. */
export const RecordChangeProposed = z.strictObject({
  ...stretch,
  /** Of the adjustment that is to be. */
  id: z.uuid(),
  device: DeviceId,
  reason: z.string().min(1).max(512),
  evidence: z.string().min(1).max(512),
  user: z.string(),
})
export type RecordChangeProposed = z.infer<typeof RecordChangeProposed>

/** A change of the past of the record begins or ceases to hold. */
export const RecordChangeDecided = z.strictObject({
  ...stretch,
  adjustment: z.uuid(),
  holds: z.boolean(),
  devices: z.array(DeviceId).max(mostNamedDevices),
  user: z.string(),
})
export type RecordChangeDecided = z.infer<typeof RecordChangeDecided>
