/**
 * Whether the hub itself is behind with what its gateways say. Pure. It is when its process was held up (stopped, suspended, overloaded),
 * when it has lost its broker, when what has arrived waits for its commit, or when what is committed is old for most gateways at once; one gateway that is late is
 * that gateway's matter. What it says of devices then is as of some time ago, and silence says nothing.
 */
import { type LagCause, lagCauses } from '@hub/contracts'

export type LagPolicy = {
  /** Behind from so much on… */
  aboveMs: number
  /** …and no longer once it is less than this… */
  belowMs: number
  /** …for so long. */
  calmMs: number
  /** Old data must have come for so long: the first of a gateway that was cut off is old, too. */
  holdMs: number
  /** A timer that comes so late tells that the process was held up. */
  stallMs: number
  /** After the hub was held up its gateways get so long to come back with what they hold. */
  graceMs: number
}

export const defaultLagPolicy: LagPolicy = {
  aboveMs: 15_000,
  belowMs: 3_000,
  calmMs: 10_000,
  holdMs: 3_000,
  stallMs: 1_000,
  graceMs: 60_000,
}

/** How far behind, by cause, ms. */
export type LagSample = {
  now: number
  /** Timers came so late. */
  lateMs: number
  /** Age of the newest data of the gateways that have not come back after the process was held up, or cut off. */
  awaitedMs: number
  /** Without the broker for so long: it hears nobody. */
  cutMs: number
  /** Age of what has waited longest for its commit: grows while nothing is committed. */
  waitingMs: number
  /** What is committed of more than half of the gateways was so old. */
  deliveryMs: number
}

export type LagState = {
  /** By the last sample. */
  behindMs: number
  /** Null: not behind. */
  since: number | null
  /** What began it. */
  cause: LagCause | null
  /** Since when a measure is above its bound, and since when all are below theirs. */
  overSince: number | null
  calmSince: number | null
}

export const notBehind: LagState = { behindMs: 0, since: null, cause: null, overSince: null, calmSince: null }

export function assessLag(was: LagState, sample: LagSample, policy: LagPolicy): LagState {
  const { now, lateMs, awaitedMs, cutMs, waitingMs, deliveryMs } = sample
  const measures: Record<LagCause, number> = {
    stalled: Math.max(lateMs, was.since === null ? 0 : awaitedMs),
    broker: cutMs,
    commits: waitingMs,
    deliveries: deliveryMs,
  }
  const behindMs = Math.max(...Object.values(measures))
  const cause = lagCauses.find((one) => measures[one] === behindMs)!
  if (was.since !== null) {
    const calmSince = behindMs < policy.belowMs ? (was.calmSince ?? now) : null
    if (calmSince !== null && now - calmSince >= policy.calmMs) return { ...notBehind, behindMs }
    return { ...was, behindMs, calmSince }
  }
  if (behindMs < policy.aboveMs) return { ...notBehind, behindMs }
  const overSince = was.overSince ?? now
  // That the process was held up, or cut off, is certain at once.
  if (cause !== 'stalled' && cause !== 'broker' && now - overSince < policy.holdMs)
    return { ...notBehind, behindMs, overSince }
  return { behindMs, since: now - behindMs, cause, overSince, calmSince: null }
}
