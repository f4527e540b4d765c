/** Five failed tries within fifteen minutes lock a key (an account, an address) for fifteen minutes. */
import { minuteMs } from '@hub/core'
import type { Clock } from '@hub/platform'

const tries = 5
const windowMs = 15 * minuteMs
/** Keys that are remembered at most: beyond it the oldest are forgotten, so that a flood of names costs no memory. */
const most = 50_000

/** `by`: the account that was tried. */
type Try = { at: number; by: string }
type Entry = { failed: Try[]; lockedUntil: number | null }

export interface Lockout {
  /** Until when a key is locked; null when it is not. */
  lockedUntil(key: string): number | null
  /** Counts a try as failed before it is judged, so that parallel tries cannot outrun the count. */
  fail(key: string, by: string): Entry
  /** The try was right: forgets the key. */
  forgive(key: string): void
  /** Takes back the one try just counted. */
  undo(key: string): void
  /** An account was unlocked at this time: its tries until then no longer count, and a lock that stood on them is over. */
  pardon(key: string, by: string, until: number): void
}

export function createLockout(clock: Clock): Lockout {
  const entries = new Map<string, Entry>()
  const entryOf = (key: string): Entry => {
    const now = clock.now()
    const old = entries.get(key)
    const lockedUntil = old?.lockedUntil && old.lockedUntil > now ? old.lockedUntil : null
    // A lock that is over starts a new count.
    const over = old?.lockedUntil && !lockedUntil
    return { failed: over ? [] : (old?.failed.filter(({ at }) => at > now - windowMs) ?? []), lockedUntil }
  }
  const keep = (key: string, entry: Entry) => {
    entries.delete(key)
    entries.set(key, entry)
    if (entries.size > most) entries.delete(entries.keys().next().value as string)
    return entry
  }
  return {
    lockedUntil: (key) => entryOf(key).lockedUntil,
    fail(key, by) {
      const entry = entryOf(key)
      entry.failed.push({ at: clock.now(), by })
      if (entry.failed.length >= tries) entry.lockedUntil ??= clock.now() + windowMs
      return keep(key, entry)
    },
    forgive: (key) => void entries.delete(key),
    undo(key) {
      const entry = entryOf(key)
      entry.failed.pop()
      if (entry.failed.length < tries) entry.lockedUntil = null
      keep(key, entry)
    },
    pardon(key, by, until) {
      const entry = entryOf(key)
      const counting = entry.failed.filter((one) => one.by !== by || one.at > until)
      if (counting.length === entry.failed.length) return
      keep(key, { failed: counting, lockedUntil: counting.length < tries ? null : entry.lockedUntil })
    },
  }
}
