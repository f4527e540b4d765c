/** Rankings of the live city: the snapshot of each district, application, carrier. Pure. */
import type { Group, Snapshot } from '@hub/contracts'
import { snapshot } from '@hub/core'
import type { LiveDevice } from './model.ts'

export const rankings = ['district', 'application', 'carrier'] as const
/** What groups are ranked by. */
export type RankedBy = (typeof rankings)[number]

/** Only devices in service are due. */
export const due = (devices: readonly LiveDevice[]) => devices.filter((device) => device.stage === 'in-service')

export const snapshotOf = (devices: readonly LiveDevice[]): Snapshot => snapshot(devices)

function oldestDownSince(devices: readonly LiveDevice[]): number | null {
  let oldest: number | null = null
  for (const { state, since } of devices)
    if (state === 'down' && since !== null && (oldest === null || since < oldest)) oldest = since
  return oldest
}

export const groupOf = (key: string, devices: readonly LiveDevice[], yesterday: number | null): Group => ({
  key,
  now: snapshotOf(devices),
  yesterday,
  oldestDownSince: oldestDownSince(devices),
})

/** One group for each of `keys`, also when it has no device. */
export function groupsBy(
  by: RankedBy,
  keys: readonly string[],
  devices: readonly LiveDevice[],
  yesterday: (key: string) => number | null,
): Group[] {
  const members = Map.groupBy(devices, (device) => device[by])
  return keys.map((key) => groupOf(key, members.get(key) ?? [], yesterday(key)))
}
