/** Distances on the ground, and the district that a place on the map belongs to. */
import { type DistrictCode, districtCodes } from '@hub/contracts'
import { districtShapes, insideDistrict } from '../common/geo/districts.ts'

type Point = { longitude: number; latitude: number }

const earthMetres = 6_371_008.8
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Great circle, metres. */
export function metresBetween(a: Point, b: Point): number {
  const [north, east] = [radians(b.latitude - a.latitude) / 2, radians(b.longitude - a.longitude) / 2]
  const chord =
    Math.sin(north) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east) ** 2
  return 2 * earthMetres * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** Beyond this nothing is of the city. */
export const beyondCityKm = 20

/**
 * The district of a place: the one that it lies in, by the schematic borders; at their edges, and a little outside, the nearest.
 * Undefined more than `beyondCityKm` away. An officer who knows better says the district himself.
 */
export function districtAt(point: Point): DistrictCode | undefined {
  const inside = districtCodes.find((code) => insideDistrict(code, point.longitude, point.latitude))
  if (inside) return inside
  const nearest = districtShapes
    .map(({ properties: { code }, geometry }) => ({ code, metres: metresToRing(point, geometry.coordinates[0]) }))
    .reduce((a, b) => (b.metres < a.metres ? b : a))
  return nearest.metres <= beyondCityKm * 1_000 ? nearest.code : undefined
}

/** To the nearest point of the edges; plane geometry around the point, which is exact enough for some kilometres. */
function metresToRing(point: Point, ring: readonly [number, number][]): number {
  const perDegree = radians(1) * earthMetres
  const east = Math.cos(radians(point.latitude))
  const plane = ring.map(([x, y]) => [(x - point.longitude) * perDegree * east, (y - point.latitude) * perDegree]) as [
    number,
    number,
  ][]
  return Math.min(...plane.slice(1).map((to, i) => metresToEdge(plane[i]!, to)))
}

/** From the origin. */
function metresToEdge([ax, ay]: [number, number], [bx, by]: [number, number]): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length))
  return Math.hypot(ax + share * dx, ay + share * dy)
}
