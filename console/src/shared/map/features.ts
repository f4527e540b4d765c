/** Devices as map features, and the least that must change for the map to show them as they are now. Pure. */
import type { DeviceId, DeviceRow, DeviceState } from '@hub/contracts'
import { severity } from '../devices/filter.ts'

export type DeviceFeature = {
  type: 'Feature'
  properties: { key: string; state: DeviceState; order: number; problem: 0 | 1 }
  geometry: { type: 'Point'; coordinates: [number, number] }
}
export type Change =
  | { kind: 'none' }
  | { kind: 'all'; features: DeviceFeature[] }
  | { kind: 'some'; add: DeviceFeature[]; remove: string[]; update: DeviceFeature[] }

/** Above this share of changed features setting everything anew is faster than a diff (measured at 20,000). */
const diffUpTo = 0.1

export type Placed = DeviceRow & { longitude: number; latitude: number }
export const isPlaced = (device: DeviceRow): device is Placed => device.longitude !== null && device.latitude !== null

/** What can be drawn: a device, or a member of an outage. */
export type Point = { id: DeviceId; longitude: number; latitude: number }

/** MapLibre writes an id of digits into its tiles as one, and 20 digits do not fit: hence the letter. */
const keyOf = (id: DeviceId): string => `d${id}`
export const deviceOfKey = (key: string): DeviceId => key.slice(1)

export function featureOf(device: Point, state: DeviceState): DeviceFeature {
  return {
    type: 'Feature',
    // Drawn in this order, so that problems lie above health.
    properties: {
      key: keyOf(device.id),
      state,
      order: 3 - severity[state],
      problem: state === 'down' || state === 'degraded' ? 1 : 0,
    },
    geometry: { type: 'Point', coordinates: [device.longitude, device.latitude] },
  }
}

/** Brings `drawn` (id → state on the map) up to date in place, and returns what the map must change. */
export function changeOf<P extends Point>(
  drawn: Map<DeviceId, DeviceState>,
  wanted: readonly P[],
  stateOf: (device: P) => DeviceState,
): Change {
  const add: DeviceFeature[] = []
  const update: DeviceFeature[] = []
  const seen = new Set<DeviceId>()
  for (const device of wanted) {
    const state = stateOf(device)
    seen.add(device.id)
    const before = drawn.get(device.id)
    if (before === state) continue
    ;(before === undefined ? add : update).push(featureOf(device, state))
    drawn.set(device.id, state)
  }
  const gone = [...drawn.keys()].filter((id) => !seen.has(id))
  for (const id of gone) drawn.delete(id)
  const changed = add.length + update.length + gone.length
  if (changed === 0) return { kind: 'none' }
  if (changed <= Math.max(1, drawn.size * diffUpTo)) return { kind: 'some', add, remove: gone.map(keyOf), update }
  return { kind: 'all', features: wanted.map((device) => featureOf(device, stateOf(device))) }
}
