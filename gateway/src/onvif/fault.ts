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

/** The device refused a login that was sent to it. */
export class LoginRefusal extends OnvifFault {
  constructor(rung: Rung, detail: string) {
    super(rung, 'unauthorised', detail)
    this.name = 'LoginRefusal'
  }
}

/** The login is not sent any more. */
export const spent = (rung: Rung, why: string): OnvifFault =>
  new OnvifFault(rung, 'unauthorised', `${why}: it is tried again when an operator asks (probe or identify)`)

/** Others that send the login wait for their answers: says nothing of the camera. */
export const busy = (rung: Rung): OnvifFault =>
  new OnvifFault(rung, 'gateway-network', 'the outcome of other logins at this camera is awaited')

/** Another device answers at the address: no login is sent there. */
export const held = (rung: Rung): OnvifFault =>
  new OnvifFault(rung, 'address-conflict', 'another device may answer at this address: no login is sent')

export const malformed = (detail: string): OnvifFault => new OnvifFault('answers', 'malformed', detail)
