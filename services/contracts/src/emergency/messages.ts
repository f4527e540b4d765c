/** Messages of emergency. They stay in the centre. */
import { z } from 'zod'
import { DeviceId, Unit } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import type { Message } from '../message.ts'

/** An incident was taken in, or moved on: rules that wait for incidents, and whoever counts them, hear of it. */
export const IncidentMoved = z.strictObject({
  v: z.literal(1),
  at: Instant,
  incident: z.uuid(),
  /** It was taken in just now. */
  opened: z.boolean(),
})

/** Somebody at an incident wants devices repaired. The room work-orders answers with `workOrderAnswered`. */
export const WorkOrderRequested = z.strictObject({
  v: z.literal(1),
  at: Instant,
  /** The order that is made has it for its id: asked twice, it is made once. */
  key: z.uuid(),
  /** Null: whose they usually are. */
  unit: Unit.nullable(),
  devices: z.array(DeviceId).min(1).max(200),
  /** What the order is about, as a person reads it. */
  subject: z.string().min(1).max(256),
  note: z.string().max(2_000).nullable(),
  /** Who asked; the right to it was checked. */
  user: z.string().min(1),
})

export const emergencyMessages = {
  incidentMoved: { topic: 'hub/v1/emergency/incidents', schema: IncidentMoved },
  workOrderRequested: { topic: 'hub/v1/emergency/work-orders', schema: WorkOrderRequested },
} as const satisfies Record<string, Message>
