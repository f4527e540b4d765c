/**
 * When to send an unacknowledged batch again. Pure: entropy comes in.
 *
 * A hub that is slow has the batch queued, and sending it again makes it slower. What its broker has taken is therefore left alone for long:
 * for twice the time that acknowledgements take lately, measured as TCP does it (RFC 6298), and never less than a minute.
 */

/** Acknowledgement times, smoothed: mean and mean deviation, ms. */
export type AckTimes = { mean: number; deviation: number }

const leastTimeoutMs = 5_000
const mostTimeoutMs = 120_000
const leastPatienceMs = 60_000
const mostPatienceMs = 120_000

/** RFC 6298 section 2: the first measurement begins it, each later one moves it by an eighth and the deviation by a quarter. */
export function measured(before: AckTimes | undefined, ms: number): AckTimes {
  if (!before) return { mean: ms, deviation: ms / 2 }
  return {
    mean: before.mean + (ms - before.mean) / 8,
    deviation: before.deviation + (Math.abs(before.mean - ms) - before.deviation) / 4,
  }
}

/** Within this an acknowledgement comes, as things are. */
export const ackTimeout = (times: AckTimes | undefined): number =>
  Math.min(mostTimeoutMs, Math.max(leastTimeoutMs, times ? times.mean + 4 * times.deviation : 0))

/**
 * Milliseconds to leave a batch alone after its `attempt`th sending (from 1), once the bus has taken it: doubling, capped, and up to half as long
 * again, so that gateways that lost the centre together do not come back together. `entropy` is in [0, 1).
 */
export function patience(attempt: number, times: AckTimes | undefined, entropy: number): number {
  const first = Math.max(leastPatienceMs, 2 * ackTimeout(times))
  const grown = Math.min(Math.max(mostPatienceMs, first), first * 2 ** Math.min(attempt - 1, 16))
  return Math.round(grown * (1 + entropy / 2))
}
