/** Messages of notifications. They stay in the centre. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'
import type { Message } from '../message.ts'
import { NotificationRequested } from './request.ts'

/** Something waits to be sent: the room's own wake-up, for it may run in another process than the API. */
export const NotificationQueued = z.strictObject({ v: z.literal(1), at: Instant })

export const notifyMessages = {
  /** By the outbox, in the transaction that changed the thing. */
  notificationRequested: { topic: 'hub/v1/notifications/requested', schema: NotificationRequested },
  notificationQueued: { topic: 'hub/v1/notifications/queued', schema: NotificationQueued },
} as const satisfies Record<string, Message>
