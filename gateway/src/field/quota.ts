/** How many messages a sensor may send: one with a stolen credential must not fill the spool. Pure. */

export type Quota = { from: number; count: number }

const windowMs = 10_000
/** A sensor that was cut off sends what it kept when it is back: room for ten intervals beside what is due, and never less than this. */
const least = 20

/** Takes one message from the quota of a sensor that is due every `every` ms. */
export function take(quota: Quota | undefined, every: number, now: number): { within: boolean; quota: Quota } {
  const fresh = quota && now >= quota.from && now - quota.from < windowMs
  const next = fresh ? { from: quota.from, count: quota.count + 1 } : { from: now, count: 1 }
  return { within: next.count <= Math.max(least, windowMs / every + 10), quota: next }
}
