/** What the centre acknowledged and did not take: it is on the gateway no more, and in no figure. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

export const refusalReasons = ['unknown-device', 'other-district', 'future', 'too-old', 'malformed'] as const
export const RefusalReason = z.enum(refusalReasons)
export type RefusalReason = z.infer<typeof RefusalReason>

/** Observations that were refused for one reason; of `malformed` also whole batches. */
export const Refusal = z.strictObject({
  reason: RefusalReason,
  count: z.int(),
  /** When the first and the last of them came. */
  firstAt: Instant,
  lastAt: Instant,
})
export type Refusal = z.infer<typeof Refusal>
