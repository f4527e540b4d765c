/** What the work-orders room tells other rooms, by the outbox. They stay in the centre. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'
import type { Message } from '../message.ts'

/** Somebody is to repair an outage: it is in progress from then on. */
export const WorkOrderIssued = z.strictObject({
  v: z.literal(1),
  at: Instant,
  id: z.uuid(),
  outage: z.string().min(1).max(64),
  /** Who issued it. */
  user: z.string().min(1),
})

/** What became of a `workOrderRequested`. */
export const WorkOrderAnswered = z.strictObject({
  v: z.literal(1),
  at: Instant,
  key: z.uuid(),
  /** Null: it was refused. */
  order: z.strictObject({ id: z.uuid(), number: z.string(), unit: z.string() }).nullable(),
  /** Of the table of errors, with what it was about. */
  refusal: z.strictObject({ code: z.string(), value: z.string(), limit: z.string() }).nullable(),
})

export const workOrdersMessages = {
  workOrderAnswered: { topic: 'hub/v1/work-orders/answered', schema: WorkOrderAnswered },
  workOrderIssued: { topic: 'hub/v1/work-orders/issued', schema: WorkOrderIssued },
} as const satisfies Record<string, Message>
