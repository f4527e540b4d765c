/** What the centre asks of a gateway, and its reply. */
import { z } from 'zod'
import { DeviceId, GatewayId } from '../common/identity.ts'
import { Instant } from '../common/time.ts'

export const commandNames = [
  'discover',
  'add-camera',
  'probe',
  'identify',
  'ptz-presets',
  'ptz-goto',
  'ptz-status',
  'snapshot',
  'field-command',
  'explain',
  'accept-certificate',
] as const
export const Command = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  name: z.enum(commandNames),
  device: DeviceId.optional(),
  args: z.record(z.string().max(32), z.string().max(256)).optional(),
  /** Of an action that is done once: the gateway remembers those that it has done, and answers again as it did. */
  key: z.uuid().optional(),
  /** After this the gateway answers `command.expired` and does nothing. */
  deadline: Instant,
})
export type Command = z.infer<typeof Command>

export const CommandReply = z.strictObject({
  v: z.literal(1),
  id: z.uuid(),
  gateway: GatewayId,
  at: Instant,
  ok: z.boolean(),
  /** Present when `ok`: what the command asked for. */
  result: z.json().optional(),
  /** Present when not: a code of the error table and its message. */
  error: z.strictObject({ code: z.string().max(64), message: z.string().max(512) }).optional(),
})
export type CommandReply = z.infer<typeof CommandReply>
