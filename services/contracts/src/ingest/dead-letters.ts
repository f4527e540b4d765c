/** What was refused and kept, as people read it. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

export const DeadLettersQuery = z.strictObject({
  /** Only those before this one. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const DeadLetters = z.strictObject({
  asOf: Instant,
  /** Newest first. */
  letters: z.array(
    z.strictObject({
      id: z.int(),
      at: Instant,
      /** The topic it came on, or the store that refused it. */
      source: z.string(),
      reason: z.string(),
      bytes: z.int().min(0),
      /** The beginning of it, what is not printable as `�`. */
      text: z.string(),
    }),
  ),
  /** What to ask for `before` to go on; null at the end. */
  next: z.int().nullable(),
})
export type DeadLetters = z.infer<typeof DeadLetters>
