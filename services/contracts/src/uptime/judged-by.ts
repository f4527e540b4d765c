/** A version of the rules of judging as a report prints it. */
import { z } from 'zod'
import { Instant } from '../common/time.ts'

/** Probe results in a row that set a state. */
export const Confirmations = z.object({ up: z.int(), degraded: z.int(), down: z.int(), unknown: z.int() })

export const JudgedBy = z.strictObject({
  /** It holds from then on; 0: for all time before the next. */
  from: Instant,
  confirm: Confirmations,
  /** Periods without a probe result after which the state is unknown. */
  staleAfter: z.int(),
  probeEverySeconds: z.number(),
  target: z.number().min(0).max(1),
})
export type JudgedBy = z.infer<typeof JudgedBy>
