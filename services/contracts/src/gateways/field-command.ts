/** What is asked of a field device that acts (a siren, a sign, a barrier), and its answer. QoS 1, not retained. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

export const FieldCommandName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/)

export const FieldCommand = z.strictObject({
  v: z.literal(1),
  /** The device does it once, however often it comes, and answers each time. */
  key: z.uuid(),
  command: FieldCommandName,
  args: z.record(z.string().max(32), z.string().max(256)),
  /** After this it does nothing. */
  deadline: Instant,
})
export type FieldCommand = z.infer<typeof FieldCommand>

export const FieldReply = z.strictObject({
  v: z.literal(1),
  key: z.uuid(),
  ok: z.boolean(),
  /** When it did it, or why it did not. */
  at: Instant,
  error: z.string().max(256).optional(),
})
export type FieldReply = z.infer<typeof FieldReply>
