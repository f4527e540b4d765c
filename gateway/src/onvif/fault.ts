/** Why a camera could not be spoken to: one error type below the prober, in the words of an Observation. */
import type { Reason, Rung } from '@hub/contracts'

export class OnvifFault extends Error {
  /** The rung of the ladder that failed. */
  readonly rung: Rung
  readonly reason: Reason
  /** @param detail one English sentence for an engineer; never holds a secret. */
  constructor(rung: Rung, reason: Reason, detail: string) {
    super(detail)
    this.name = 'OnvifFault'
    this.rung = rung
    this.reason = reason
  }
}

export const malformed = (detail: string): OnvifFault => new OnvifFault('answers', 'malformed', detail)
