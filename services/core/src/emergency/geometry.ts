/** Directions on the ground and areas on the map. WGS-84. */
import type { GeoPoint } from '@hub/contracts'

const rad = Math.PI / 180

/** Direction from `a` to `b`, degrees clockwise from north, `[0, 360)`. */
export function bearingTo(a: GeoPoint, b: GeoPoint): number {
  const [from, to, east] = [a.latitude * rad, b.latitude * rad, (b.longitude - a.longitude) * rad]
  const y = Math.sin(east) * Math.cos(to)
  const x = Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(east)
  return (Math.atan2(y, x) / rad + 360) % 360
}

/** Whether a point lies in a ring whose first point is not repeated. On the edge, or on a corner, is inside. */
export function inRing(ring: readonly GeoPoint[], { longitude: x, latitude: y }: GeoPoint): boolean {
  let inside = false
  for (const [n, b] of ring.entries()) {
    const a = ring.at(n - 1)!
    if (onEdge(a, b, x, y)) return true
    if (a.latitude > y === b.latitude > y) continue
    const crosses = a.longitude + ((y - a.latitude) / (b.latitude - a.latitude)) * (b.longitude - a.longitude)
    if (x < crosses) inside = !inside
  }
  return inside
}

/** Degrees: less than a millimetre. */
const nearly = 1e-9

function onEdge(a: GeoPoint, b: GeoPoint, x: number, y: number): boolean {
  const [dx, dy] = [b.longitude - a.longitude, b.latitude - a.latitude]
  const length = Math.hypot(dx, dy)
  const [px, py] = [x - a.longitude, y - a.latitude]
  if (length < nearly) return Math.hypot(px, py) < nearly
  const along = (px * dx + py * dy) / length
  return Math.abs(px * dy - py * dx) / length < nearly && along > -nearly && along < length + nearly
}
