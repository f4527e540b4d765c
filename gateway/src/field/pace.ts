/**
 * How fast a sensor may send. Nothing that it is acknowledged is dropped: what comes faster is acknowledged later, which slows the
 * sender. One with a stolen credential fills the spool no faster than this. Pure.
 */

type Bucket = { perSecond: number; burst: number }

/** For each bucket, when it would be empty again (GCRA, as in ITU-T I.371). */
export type Pace = readonly number[]

/** A backlog comes at fifty samples a second, as long as it is one: of a day at one each ten seconds there are 8,640. After that, ten times what is due. */
const bucketsOf = (every: number): Bucket[] => [
  { perSecond: 50, burst: 100 },
  { perSecond: Math.max(1, 10_000 / every), burst: 20_000 },
]
/** Dead letters: as many as explain a fault, and then one a minute. */
export const letterBuckets: readonly Bucket[] = [{ perSecond: 1 / 60, burst: 20 }]

/** Takes one message of a sensor that is due every `every` ms. `waitMs`: it counts as sent so much later. */
export const paced = (pace: Pace | undefined, every: number, now: number) => take(bucketsOf(every), pace, now)

/** Takes one from each bucket. `pace` is the state if it is taken: with a wait one may let it be. */
export function take(buckets: readonly Bucket[], pace: Pace | undefined, now: number): { waitMs: number; pace: Pace } {
  let waitMs = 0
  const next = buckets.map(({ perSecond, burst }, i) => {
    const each = 1_000 / perSecond
    const emptyAt = Math.max(pace?.[i] ?? now, now) + each
    waitMs = Math.max(waitMs, emptyAt - now - burst * each)
    return emptyAt
  })
  return { waitMs: Math.ceil(waitMs), pace: next }
}
