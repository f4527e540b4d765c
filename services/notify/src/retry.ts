/** When a notification is tried again. */
export type RetryPolicy = {
  /** Before the second try, doubled at each; ms. */
  firstMs: number
  mostMs: number
  /** Then it is given up. */
  tries: number
  /** After so long nobody wants to know. ms */
  ageMs: number
}
export const defaultRetryPolicy: RetryPolicy = {
  firstMs: 5_000,
  mostMs: 1_800_000,
  tries: 40,
  ageMs: 86_400_000,
}

/**
 * @param tries that have failed, this one too
 * @param askedMs what the other side asked for; it is believed up to the age at which the notification is given up
 * @param random in [0, 1): a quarter more or less, so that channels of one host do not come back together
 * @returns null: give up
 */
export function retryAt(
  { tries, createdAt, askedMs }: { tries: number; createdAt: number; askedMs: number | null },
  now: number,
  random: number,
  policy: RetryPolicy = defaultRetryPolicy,
): number | null {
  if (tries >= policy.tries) return null
  const backoff = Math.min(policy.mostMs, policy.firstMs * 2 ** (tries - 1)) * (0.75 + random / 2)
  const at = Math.round(now + Math.max(backoff, askedMs ?? 0))
  return at - createdAt > policy.ageMs ? null : at
}
