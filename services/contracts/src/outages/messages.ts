/** What the outages room tells other rooms, by the outbox. They stay in the centre. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'
import type { Message } from '../message.ts'
import { OrdersAtClose } from './action.ts'

const OutageId = z.string().min(1).max(64)

/** All members of `id` are in `into` now: `id` is no outage any more, and what belongs to it belongs to `into`. */
export const OutageMerged = z.strictObject({
  v: z.literal(1),
  at: Instant,
  id: OutageId,
  into: OutageId,
  /** Devices ever in `id`, and in `into` with them: whoever knows of the greater part knows of the whole. */
  members: z.int(),
  intoMembers: z.int(),
})

/** Members of `from` are an outage of their own now: whoever knows of `from` knows of them. */
export const OutageSplit = z.strictObject({
  v: z.literal(1),
  at: Instant,
  id: OutageId,
  from: OutageId,
  /** Devices ever in `id`, and left in `from`. */
  members: z.int(),
  fromMembers: z.int(),
  /** Work orders that go along: all their devices are in `id` now. */
  orders: z.array(z.uuid()).optional(),
})

/** An outage was closed, and its work orders with it. */
export const OutageClosed = z.strictObject({
  v: z.literal(1),
  at: Instant,
  id: OutageId,
  /** Those that were open then, and what becomes of them. */
  orders: z.array(z.uuid()).min(1),
  result: OrdersAtClose.exclude(['leave']),
  /** Who closed it: a user, or the hub (`hub`). */
  user: z.string().min(1),
  note: z.string().nullable(),
})

export const outagesMessages = {
  outageMerged: { topic: 'hub/v1/outages/merged', schema: OutageMerged },
  outageClosed: { topic: 'hub/v1/outages/closed', schema: OutageClosed },
  outageSplit: { topic: 'hub/v1/outages/split', schema: OutageSplit },
} as const satisfies Record<string, Message>
