/** What the mark of an outage shows, and how long it lasted. Pure. */
import type { DeviceState, OutageRow } from '@hub/contracts'

/** What a row's mark shows: planned, all back, nothing known, comes and goes, out. */
export function markOf({
  cause,
  down,
  expected,
}: Pick<OutageRow, 'cause' | 'down' | 'expected'>): DeviceState | 'exempt' {
  if (expected) return 'exempt'
  if (down === 0) return 'up'
  if (cause.mode === 'silent' || cause.mode === 'blind') return 'unknown'
  return cause.kind === 'flapping' ? 'degraded' : 'down'
}

/** From the onset of the first to the return of the last, or until now. ms */
export const lastedMs = ({ from, to }: { from: number; to: number | null }, now: number): number =>
  Math.max(0, (to ?? now) - from)
