/** What is asked about a place, and how a camera's view of it is ranked. Pure. */
import type { GeoPoint, ResourceKind } from '@hub/contracts'

export const radii = [300, 500, 1_000, 2_000, 5_000] as const

export const nearbyPath = ({ longitude, latitude }: GeoPoint, radius: number): string =>
  `/nearby?${new URLSearchParams({
    longitude: String(longitude),
    latitude: String(latitude),
    radius: String(radius),
    limit: '50',
  })}`

/** Eight directions, from north clockwise, as keys of their words. */
const compass = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const
const eighth = 45
export const compassOf = (degrees: number): (typeof compass)[number] =>
  compass[Math.round(degrees / eighth) % compass.length] ?? 'n'

/** The character that stands for a kind on the map. */
export const resourceSigns: Record<ResourceKind, string> = {
  unit: '队',
  shelter: '避',
  hospital: '医',
  hydrant: '栓',
  'key-site': '重',
  warehouse: '库',
}
