/** Members with a position, and the box that holds them. Pure. */
import type { OutageDetail } from '@hub/contracts'

type Member = OutageDetail['members'][number]
export type PlacedMember = Member & { longitude: number; latitude: number }
export const isPlacedMember = (member: Member): member is PlacedMember =>
  member.longitude !== null && member.latitude !== null

/** About 600 m: devices on one pole are still shown with what is around them. Degrees. */
const least = 0.006

/** West, south, east, north. */
export function extentOf(members: readonly PlacedMember[]): [number, number, number, number] {
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const { longitude, latitude } of members) {
    west = Math.min(west, longitude)
    east = Math.max(east, longitude)
    south = Math.min(south, latitude)
    north = Math.max(north, latitude)
  }
  const [x, y] = [Math.max(0, least - (east - west)) / 2, Math.max(0, least - (north - south)) / 2]
  return [west - x, south - y, east + x, north + y]
}
