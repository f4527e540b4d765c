/** A city that is being commissioned changes every second, and its list is megabytes long: reading it takes at most this share of the time. */
const share = 0.1
const leastMs = 1_000

/** How long to wait before the list is read again. @param tookMs how long it took the last time */
export const pauseAfter = (tookMs: number): number => Math.max(leastMs, tookMs / share)
