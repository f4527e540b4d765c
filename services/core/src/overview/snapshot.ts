/** The online rate at an instant. */
import type { DeviceState, Snapshot } from '@hub/contracts'

/**
 * Counts the devices that are due (in service; the caller leaves the others out). An exempt device counts as exempt
 * whatever its state. `rate` = (up + degraded) ÷ (due − exempt): unknown is not offline in any figure of its own, but it does
 * not count as online either. Null when none is due, and when nothing but unknown is: that is no rate of 0.
 */
export function snapshot(states: Iterable<{ state: DeviceState; exempt?: boolean | undefined }>): Snapshot {
  const counts = { up: 0, degraded: 0, down: 0, unknown: 0, exempt: 0 }
  let due = 0
  for (const { state, exempt } of states) {
    due++
    counts[exempt ? 'exempt' : state]++
  }
  const judged = due - counts.exempt
  return { rate: judged > counts.unknown ? (counts.up + counts.degraded) / judged : null, due, ...counts }
}
