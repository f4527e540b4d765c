/** What the bus says when something that people watch has changed. */
import { z } from 'zod'
import { DistrictCode } from './geo.ts'
import { Instant } from './time.ts'

/** What people's screens show and read again when it moves on. */
export const changedKinds = ['adjustments', 'exports', 'incidents', 'linkage', 'outages', 'work-orders'] as const
export const ChangedKind = z.enum(changedKinds)
export type ChangedKind = z.infer<typeof ChangedKind>

/**
 * A change, with whom it concerns: whoever may see one of the districts, and where it is named the unit; where a user is named, only that
 * user. Computed in the transaction of the change, so that nobody has to read the row again to know who may hear of it.
 */
export const Changed = z.strictObject({
  v: z.literal(1),
  at: Instant,
  what: ChangedKind,
  /** Null: several. */
  id: z.string().min(1).max(64).nullable(),
  districts: z.union([z.literal('city'), z.array(DistrictCode)]),
  unit: z.string().max(64).optional(),
  user: z.string().max(64).optional(),
})
export type Changed = z.infer<typeof Changed>
