/** Issuing a work order, and to whom it can go. */

import { z } from 'zod'
import { DeviceId, Unit } from '../common/identity.ts'
import { limitText } from '../errors/limits.ts'

export const WorkOrderRequest = z
  .strictObject({
    outage: z.string().max(64).optional(),
    devices: z.array(DeviceId).min(1).max(5_000).optional(),
    /** Default: the maintainer of most of the devices. */
    unit: Unit.optional(),
    note: z.string().trim().min(1).max(1_000).optional(),
  })
  .refine((r) => (r.outage === undefined) !== (r.devices === undefined), {
    message: limitText('devices-or-outage'),
    path: ['devices'],
  })
export type WorkOrderRequest = z.infer<typeof WorkOrderRequest>

export const RepairUnitsQuery = z.strictObject({ outage: z.string().max(64).optional() })
/** To whom a work order can go. */
export const RepairUnits = z.strictObject({
  /** Whose an order for the outage is by default; null when nothing of it is left to repair, or none was asked about. */
  usual: z.string().nullable(),
  /** `users`: who of the unit would see the order; 0: it reaches nobody here. */
  units: z.array(z.strictObject({ name: z.string(), users: z.int() })),
})
export type RepairUnits = z.infer<typeof RepairUnits>
