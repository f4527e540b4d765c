/** Which devices a filter lets through, and in what order. Pure. */
import type { DeviceRow, DeviceState, DistrictCode } from '@hub/contracts'
import type { DeviceFilter } from './query.ts'

/** Problems first; health last. */
export const severity: Record<DeviceState, number> = { down: 0, degraded: 1, unknown: 2, up: 3 }

const allows = <T>(chosen: readonly T[], value: T): boolean => chosen.length === 0 || chosen.includes(value)

export const statesBySeverity: readonly DeviceState[] = ['down', 'degraded', 'unknown', 'up']

/** Everything but the state. */
export function passes(device: DeviceRow, filter: DeviceFilter, district: DistrictCode | null): boolean {
  return (
    (district === null || device.district === district) &&
    allows(filter.application, device.application) &&
    allows(filter.carrier, device.carrier) &&
    allows(filter.kind, device.kind) &&
    allows(filter.stage, device.stage) &&
    matchesText(device, filter.search)
  )
}

export function matchesText(device: DeviceRow, search: string): boolean {
  const wanted = search.trim().toLowerCase()
  if (!wanted) return true
  return (
    device.name.toLowerCase().includes(wanted) ||
    device.id.includes(wanted) ||
    device.address.toLowerCase().includes(wanted) ||
    (device.ipAddress?.includes(wanted) ?? false)
  )
}

export type DeviceList = {
  devices: DeviceRow[]
  /** How many there are of each state, before the state itself is filtered. */
  counts: Record<DeviceState, number>
}

/** `stateOf` gives the state now. Within a state the order of the registry (by code) is kept. */
export function listDevices(
  devices: readonly DeviceRow[],
  filter: DeviceFilter,
  district: DistrictCode | null,
  problemsFirst: boolean,
  stateOf: (device: DeviceRow) => DeviceState,
): DeviceList {
  const counts: Record<DeviceState, number> = { up: 0, degraded: 0, down: 0, unknown: 0 }
  const buckets: DeviceRow[][] = [[], [], [], []]
  for (const device of devices) {
    if (!passes(device, filter, district)) continue
    const state = stateOf(device)
    counts[state]++
    if (allows(filter.state, state)) buckets[problemsFirst ? severity[state] : 0]?.push(device)
  }
  return { devices: buckets.flat(), counts }
}
