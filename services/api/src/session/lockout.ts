/** Five failed tries within fifteen minutes lock a key (an account, an address) for fifteen minutes. */
import type { Clock } from '@hub/platform'

const tries = 5
const windowMs = 15 * 60_000
/** Keys that are remembered at most: beyond it the oldest are forgotten, so that a flood of names costs no memory. */
const most = 50_000

type Entry = { failedAt: number[]; lockedUntil: number | null }

export interface Lockout {
  /** Until when a key is locked; null when it is not. */
  lockedUntil(key: string): number | null
  /** Counts a try as failed before it is judged, so that parallel tries cannot outrun the count. */
  fail(key: string): Entry
  /** The try was right: forgets the key. */
  forgive(key: string): void
  /** Takes back the one try just counted. */
  undo(key: string): void
}

export function createLockout(clock: Clock): Lockout {
  const entries = new Map<string, Entry>()
  const entryOf = (key: string): Entry => {
    const now = clock.now()
    const old = entries.get(key)
    const lockedUntil = old?.lockedUntil && old.lockedUntil > now ? old.lockedUntil : null
    // A lock that is over starts a new count.
    const over = old?.lockedUntil && !lockedUntil
    return { failedAt: over ? [] : (old?.failedAt.filter((at) => at > now - windowMs) ?? []), lockedUntil }
  }
  const keep = (key: string, entry: Entry) => {
    entries.delete(key)
    entries.set(key, entry)
    if (entries.size > most) entries.delete(entries.keys().next().value as string)
    return entry
  }
  return {
    lockedUntil: (key) => entryOf(key).lockedUntil,
    fail(key) {
      const entry = entryOf(key)
      entry.failedAt.push(clock.now())
      if (entry.failedAt.length >= tries) entry.lockedUntil ??= clock.now() + windowMs
      return keep(key, entry)
    },
    forgive: (key) => void entries.delete(key),
    undo(key) {
      const entry = entryOf(key)
      entry.failedAt.pop()
      if (entry.failedAt.length < tries) entry.lockedUntil = null
      keep(key, entry)
    },
  }
}
