/** Issuing a work order, and to whom it can go. */

import { z } from 'zod'
import { Carrier, DeviceId, Unit } from '../common/identity.ts'
import { limitText } from '../errors/limits.ts'

/** Words for the subject instead of the cause, in one line. */
const Subject = z
  .string()
  .transform((text) => text.replace(/\s+/g, ' '))
  .pipe(z.string().trim().min(1).max(120))
const Note = z.string().trim().min(1).max(1_000)

export const WorkOrderRequest = z
  .strictObject({
    outage: z.string().max(64).optional(),
    devices: z.array(DeviceId).min(1).max(5_000).optional(),
    /** Default: the maintainer of most of the devices. */
    unit: Unit.optional(),
    subject: Subject.optional(),
    note: Note.optional(),
  })
  .refine((r) => (r.outage === undefined) !== (r.devices === undefined), {
    message: limitText('devices-or-outage'),
    path: ['devices'],
  })
export type WorkOrderRequest = z.infer<typeof WorkOrderRequest>

/** The orders of one outage, issued together: all of them or none. */
export const WorkOrdersRequest = z.strictObject({
  outage: z.string().max(64),
  orders: z
    .array(
      z.strictObject({
        unit: Unit,
        /** Devices of the outage; those that have come back meanwhile are left out. */
        devices: z.array(DeviceId).min(1).max(20_000),
        subject: Subject.optional(),
      }),
    )
    .min(1)
    .max(50),
  note: Note.optional(),
})
export type WorkOrdersRequest = z.infer<typeof WorkOrdersRequest>

export const RepairUnitsQuery = z.strictObject({ outage: z.string().max(64).optional() })
/** To whom a work order can go. */
export const RepairUnits = z.strictObject({
  /** Whose an order for the outage is by default; null when nothing of it is left to repair, or none was asked about. */
  usual: z.string().nullable(),
  /** `users`: who of the unit would see the order; 0: it reaches nobody here. */
  units: z.array(z.strictObject({ name: z.string(), users: z.int() })),
  /** Of the outage: an order for each carrier and unit, about what is down and in no order yet; the largest first. */
  suggested: z.array(z.strictObject({ carrier: Carrier, unit: z.string(), devices: z.array(DeviceId) })),
})
export type RepairUnits = z.infer<typeof RepairUnits>
