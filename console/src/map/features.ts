/** Devices as map features, and the least that must change for the map to show them as they are now. Pure. */
import type { DeviceId, DeviceRow, DeviceState } from '@hub/contracts'
import { severity } from '../devices/filter.ts'

export type DeviceFeature = {
  type: 'Feature'
  id: DeviceId
  properties: { id: DeviceId; state: DeviceState; order: number; trouble: 0 | 1 }
  geometry: { type: 'Point'; coordinates: [number, number] }
}
export type Change =
  | { kind: 'none' }
  | { kind: 'all'; features: DeviceFeature[] }
  | { kind: 'some'; add: DeviceFeature[]; remove: DeviceId[]; update: DeviceFeature[] }

/** Above this share of changed features setting everything anew is faster than a diff (measured at 20,000). */
const diffUpTo = 0.1

export type Placed = DeviceRow & { longitude: number; latitude: number }
export const isPlaced = (device: DeviceRow): device is Placed => device.longitude !== null && device.latitude !== null

export function featureOf(device: Placed, state: DeviceState): DeviceFeature {
  return {
    type: 'Feature',
    id: device.id,
    // Drawn in this order, so that trouble lies above health.
    properties: {
      id: device.id,
      state,
      order: 3 - severity[state],
      trouble: state === 'down' || state === 'degraded' ? 1 : 0,
    },
    geometry: { type: 'Point', coordinates: [device.longitude, device.latitude] },
  }
}

/** Brings `drawn` (id → state on the map) up to date in place, and says what the map must be told. */
export function changeOf(
  drawn: Map<DeviceId, DeviceState>,
  wanted: readonly Placed[],
  stateOf: (device: DeviceRow) => DeviceState,
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
  const remove = [...drawn.keys()].filter((id) => !seen.has(id))
  for (const id of remove) drawn.delete(id)
  const changed = add.length + update.length + remove.length
  if (changed === 0) return { kind: 'none' }
  if (changed <= Math.max(1, drawn.size * diffUpTo)) return { kind: 'some', add, remove, update }
  return { kind: 'all', features: wanted.map((device) => featureOf(device, stateOf(device))) }
}
