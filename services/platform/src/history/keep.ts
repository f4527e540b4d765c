/** How long things are kept: the same rule for the store that is provisioned with it and for the one that trims itself. */
import { dayMs } from '@hub/core'
import type { Kept } from './rows.ts'

/** Days, or for ever. */
export type Keep = Readonly<Record<Kept, number | 'forever'>>

export const keptMs = (keep: Keep, kept: Kept): number => {
  const days = keep[kept]
  return days === 'forever' ? Number.POSITIVE_INFINITY : days * dayMs
}
/** What is older than this is no longer written, and goes. */
export const keptFrom = (keep: Keep, kept: Kept, now: number): number => now - keptMs(keep, kept)
