/**
 * Since when, and with which gaps, the hub could hear one gateway. Pure. A device is stale only by time in which it could have been heard:
 * while the hub was held up, or still waits for what its gateways have gathered meanwhile, the clock of silence stands still.
 *
 * Only *when* silence is judged depends on this. What it is judged to be does not: the device is unknown from the instant at which its
 * evidence went stale (`expire`), and a gap between two observations is a silence whether the hub heard them in time or not (`absorb`).
 * So what is found late is found with its true beginning, and the timeline is that of the observations to the millisecond.
 */
import type { DeviceHealth } from './types.ts'

export type Hearing = {
  /** Times in which it could not be heard, ascending and apart. A null `to`: it has not been heard since. */
  deaf: readonly { from: number; to: number | null }[]
  /** While it is not heard: an observation made then or later shows that it is. */
  heardFrom: number
  /** While it is not heard: since when it might have been again. */
  awaitedFrom: number
  /** The newest observation that was committed; null before the first. */
  newestAt: number | null
  /** How old that was at the last commit that showed it, ms: what delivery takes. */
  lagMs: number
  /** How late the gateway says that it was itself of late, ms: so much later it may say what it has to say. */
  lateMs: number
  /** The last commit that showed it; null before the first. */
  committedAt: number | null
}

export const newHearing: Hearing = {
  deaf: [],
  heardFrom: 0,
  awaitedFrom: 0,
  newestAt: null,
  lagMs: 0,
  lateMs: 0,
  committedAt: null,
}

/** Older gaps are forgotten: they would only be missed by evidence that is older still. */
const gapsKept = 64

export const isDeaf = ({ deaf }: Hearing): boolean => deaf.at(-1)?.to === null

/** It could not be heard in `[from, until)`, and is not again before something that was made at `until` or later has come. */
export function deafened(hearing: Hearing, from: number, until: number): Hearing {
  const { deaf } = hearing
  const heardFrom = Math.max(hearing.heardFrom, until)
  if (isDeaf(hearing)) return { ...hearing, heardFrom }
  const last = deaf.at(-1)
  const gap = { from: Math.max(from, last?.to ?? from), to: null }
  return { ...hearing, heardFrom, awaitedFrom: until, deaf: [...deaf.slice(1 - gapsKept), gap] }
}

/** It is heard again, or no longer waited for. */
export function heardAgain(hearing: Hearing, now: number): Hearing {
  if (!isDeaf(hearing)) return hearing
  const { from } = hearing.deaf.at(-1)!
  return { ...hearing, deaf: [...hearing.deaf.slice(0, -1), { from, to: Math.max(from, now) }] }
}

/** A commit. @param newestAt the newest observation in it that shows how long it was under way; null: none does */
export function committed(hearing: Hearing, newestAt: number | null, now: number): Hearing {
  if (newestAt === null) return hearing
  const newest = Math.max(newestAt, hearing.newestAt ?? newestAt)
  return { ...hearing, newestAt: newest, lagMs: Math.max(0, now - newest), committedAt: now }
}

/**
 * The instant up to which silence of a device of this gateway is known: what is fresh until then is not stale. Before now by what delivery
 * takes, and by how late the gateway was, up to a period (what is late by more is silent); and after a gap by the gap, and by one more
 * period of the device, within which its next observation comes.
 */
export function heardUntil(
  { deaf, lagMs, lateMs }: Hearing,
  { lastAt, freshUntil }: Pick<DeviceHealth, 'lastAt' | 'freshUntil'>,
  staleAfter: number,
  now: number,
): number {
  if (lastAt === null || freshUntil === null) return now
  let deafMs = 0
  // The newest first: those before the evidence do not matter. Asked for every device that may be stale.
  for (let n = deaf.length - 1; n >= 0; n--) {
    const { from, to } = deaf[n]!
    if (to !== null && to <= lastAt) break
    deafMs += Math.max(0, Math.min(to ?? now, now) - Math.max(from, lastAt))
  }
  const every = (freshUntil - lastAt) / staleAfter
  return now - lagMs - Math.min(lateMs, every) - deafMs - (deafMs > 0 ? every : 0)
}
