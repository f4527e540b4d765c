/** The channels that the hub sends notifications on, and the notifications. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

export const channelKinds = ['webhook', 'email', 'wecom', 'dingtalk', 'feishu', 'mqtt'] as const
export const ChannelRow = z.strictObject({
  id: z.string(),
  kind: z.enum(channelKinds),
  name: z.string(),
  /** Host only: an address of a robot is itself a secret. */
  target: z.string(),
  languages: z.enum(['zh', 'en']),
  lastSentAt: Instant.nullable(),
  lastProblem: z.string().nullable(),
  waiting: z.int(),
  dead: z.int(),
})
export type ChannelRow = z.infer<typeof ChannelRow>
export const notificationStatuses = ['waiting', 'sent', 'dead'] as const
export const NotificationRow = z.strictObject({
  id: z.int(),
  channel: z.string(),
  subject: z.string(),
  outage: z.string().nullable(),
  /** The order whose limit is near or has passed. */
  workOrder: z.string().nullable(),
  status: z.enum(notificationStatuses),
  attempts: z.int(),
  createdAt: Instant,
  sentAt: Instant.nullable(),
  problem: z.string().nullable(),
})
export const ChannelReport = z.strictObject({
  asOf: Instant,
  channels: z.array(ChannelRow),
  notifications: z.array(NotificationRow),
})
export type ChannelReport = z.infer<typeof ChannelReport>
export const ChannelTest = z.strictObject({ sent: z.boolean(), problem: z.string().nullable(), ms: z.number() })
export type ChannelTest = z.infer<typeof ChannelTest>
