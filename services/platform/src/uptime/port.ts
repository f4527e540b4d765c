/** Questions about time spent up, down, unknown and exempt, answered exactly from the Record on a thread of their own. */
import type { Scope, UptimeFilter, UptimeGroup, UptimeRow } from '@hub/contracts'

export type UptimeSelection = {
  /** Of the viewer: nothing outside it is counted. */
  scope: Scope
  filter: UptimeFilter
  /** `[from, to)`, UTC milliseconds at any second; what lies after `now` is left out. */
  from: number
  to: number
  now: number
}

export type UptimePoint = { at: number; up: number; down: number; unknown: number; exempt: number; rate: number | null }

export interface Uptime {
  /** One row for each combination of `by` that has a device; without `by` one row for all. In the order of their keys. */
  by(selection: UptimeSelection & { by: readonly UptimeGroup[] }): Promise<UptimeRow[]>
  /** A point for each day or month (of the city) that the period touches, cut to the period. Oldest first. */
  series(selection: UptimeSelection & { step: 'day' | 'month' }): Promise<UptimePoint[]>
  close(): Promise<void>
}
