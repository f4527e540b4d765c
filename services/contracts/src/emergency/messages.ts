/** Messages of emergency. They stay in the centre. */
import { z } from 'zod'
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

export const emergencyMessages = {
  incidentMoved: { topic: 'hub/v1/emergency/incidents', schema: IncidentMoved },
} as const satisfies Record<string, Message>
