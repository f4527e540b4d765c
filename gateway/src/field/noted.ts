/** What happened to a sensor that people ask for: the same thing again is counted, and only the latest things are kept. Pure. */

export type Noted<T> = { firstAt: number; lastAt: number; count: number } & T

/** Entries of one kind for each sensor. */
const kept = 10

/** Newest first. */
export function note<T extends { reason: string }>(all: readonly Noted<T>[], what: T, now: number): Noted<T>[] {
  const same = all.find(({ reason }) => reason === what.reason)
  const entry = { firstAt: same?.firstAt ?? now, ...what, lastAt: now, count: (same?.count ?? 0) + 1 }
  return [entry, ...all.filter((other) => other !== same)].slice(0, kept)
}
