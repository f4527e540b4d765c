/** How many devices are in an outage, how many still out, and since when none. */
import type { CorrelatedOutage } from './types.ts'

/** Devices in an outage, and of these still out. */
export function countsOf(outage: Pick<CorrelatedOutage, 'episodes'>): { members: number; down: number } {
  const members = new Set<string>()
  const down = new Set<string>()
  for (const { device, to } of outage.episodes) {
    members.add(device)
    if (to === null) down.add(device)
  }
  return { members: members.size, down: down.size }
}

/** When the last member came back; null while one is out. */
export function endOf({ episodes }: Pick<CorrelatedOutage, 'episodes'>): number | null {
  let end = Number.NEGATIVE_INFINITY
  for (const { to } of episodes) {
    if (to === null) return null
    if (to > end) end = to
  }
  return end
}
