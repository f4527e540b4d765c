/** When to send an unacknowledged batch again. Pure: entropy comes in. */

export type Backoff = { firstMs: number; maxMs: number }

/** A centre commits within a second or two; a minute is often enough to ask one that is away. */
export const resendBackoff: Backoff = { firstMs: 5_000, maxMs: 60_000 }

/**
 * Milliseconds to wait after the `attempt`th sending (from 1): doubling, capped, and spread over ±25 % so that gateways that lost the centre
 * together do not come back together. `entropy` is in [0, 1).
 */
export function resendDelay(attempt: number, entropy: number, { firstMs, maxMs }: Backoff = resendBackoff): number {
  const base = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 16))
  return Math.round(base * (0.75 + entropy / 2))
}
