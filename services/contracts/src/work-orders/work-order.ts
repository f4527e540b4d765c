/** Work orders to whoever must repair, with limits, warnings and proof. */

import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Carrier, DeviceId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { limitText } from '../errors/limits.ts'
import { Cause } from '../outages/cause.ts'

export const workOrderStatuses = [
  'issued',
  'received',
  'disputed',
  'done',
  'verified',
  'returned',
  'closed',
  'cancelled',
] as const
/**
 * issued → received → done → verified → closed. A receiver may dispute (misassigned) once, before it is done; the issuer upholds it
 * (back to issued) or cancels. The issuer may return what is done and does not hold, once. `done` needs the devices up.
 */
export const WorkOrderStatus = z.enum(workOrderStatuses)
export type WorkOrderStatus = z.infer<typeof WorkOrderStatus>

export const workOrderSteps = [
  'receive',
  'dispute',
  'uphold',
  'cancel',
  'done',
  'verify',
  'return',
  'close',
  'comment',
] as const
export const WorkOrderAction = z
  .strictObject({ step: z.enum(workOrderSteps), note: z.string().trim().min(1).max(1_000).optional() })
  .refine((a) => !['dispute', 'return', 'cancel', 'comment'].includes(a.step) || a.note !== undefined, {
    message: limitText('needed-why'),
    path: ['note'],
  })
export type WorkOrderAction = z.infer<typeof WorkOrderAction>

export const overtimes = ['none', 'yellow', 'red'] as const
/** `yellow`: a limit is near; `red`: it has passed. */
export const Overtime = z.enum(overtimes)

/** A link of the evidence chain: what was known when, each with the hash of the one before. */
export const WorkOrderStep = z.strictObject({
  at: Instant,
  actor: z.string(),
  step: z.enum([...workOrderSteps, 'issue', 'yellow', 'red']),
  note: z.string().nullable(),
  /** Devices of the order that were down at that time. */
  down: z.int(),
  hash: z.string(),
})
export type WorkOrderStep = z.infer<typeof WorkOrderStep>

/** What an order is about; said in the reader's language by `subjectWords` of core, where no person has typed it. */
export const WorkOrderSubject = z.strictObject({
  /** As a person typed it: in any language it stays so. */
  text: z.string().nullable(),
  /** Of its outage, as it was believed when the order was issued; null for an order about devices alone. */
  cause: Cause.nullable(),
  /** Name of the one device, when there was one. */
  device: z.string().nullable(),
})
export type WorkOrderSubject = z.infer<typeof WorkOrderSubject>

export const WorkOrder = z.strictObject({
  id: z.uuid(),
  /** For people: `GD-20261121-0007`. */
  number: z.string(),
  outage: z.string().nullable(),
  /** Carrier or maintainer that it goes to. */
  unit: z.string(),
  carrier: Carrier.nullable(),
  districts: z.array(DistrictCode),
  devices: z.array(DeviceId),
  down: z.int(),
  status: WorkOrderStatus,
  subject: WorkOrderSubject,
  issuedBy: z.string(),
  issuedAt: Instant,
  /** Limits, and the rule that set them. */
  respondBy: Instant,
  repairBy: Instant,
  rule: z.strictObject({
    class: z.enum(['core', 'urban', 'rural']),
    respondHours: z.number(),
    repairHours: z.number(),
    clock: z.enum(['24h', 'working-days']),
    provenance: z.string(),
  }),
  receivedAt: Instant.nullable(),
  doneAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  overtime: Overtime,
  /** All its devices have been up since then; null while one is not. */
  upSince: Instant.nullable(),
  /** They must be up for so long before `done` is believed. ms */
  provenMs: z.number().min(0),
  returned: z.boolean(),
  steps: z.array(WorkOrderStep),
  /** False when its terms or a link of the evidence chain were edited, taken out or put in. */
  whole: z.boolean(),
})
export type WorkOrder = z.infer<typeof WorkOrder>
