/** Where failures lie, when they lie close together. */
import type { Spot, Topology } from './topology.ts'
import type { Episode } from './types.ts'

/** A duct, a crossing, a block of houses. m */
const mostMetres = 1_500
const metresPerDegree = 111_320
/** So much of the area failed, at least. */
const leastShare = 0.15

const metresBetween = (a: Spot, b: Spot): number => {
  const x = (a.longitude - b.longitude) * Math.cos((a.latitude * Math.PI) / 180)
  return Math.hypot(x, a.latitude - b.latitude) * metresPerDegree
}

/** The circle that holds all of them, around their middle, in a whole hundred metres. @param spots at least one */
export function circleAround(spots: readonly Spot[]): { centre: Spot; metres: number } {
  const centre = {
    longitude: spots.reduce((sum, { longitude }) => sum + longitude, 0) / spots.length,
    latitude: spots.reduce((sum, { latitude }) => sum + latitude, 0) / spots.length,
  }
  const radius = spots.reduce((most, spot) => Math.max(most, metresBetween(centre, spot)), 0)
  return { centre, metres: Math.max(100, Math.ceil(radius / 100) * 100) }
}

/** The circle that holds all of them, in a whole hundred metres; null when one lies nowhere, or the circle is wide or mostly well. */
export function areaOf(episodes: readonly Episode[], { spots }: Topology): { key: string; of: number } | null {
  const own: Spot[] = []
  for (const { device } of episodes) {
    const spot = spots.get(device)
    if (!spot) return null
    own.push(spot)
  }
  const { centre, metres } = circleAround(own)
  if (metres > mostMetres) return null
  let of = 0
  for (const spot of spots.values()) if (metresBetween(centre, spot) <= metres) of++
  const devices = new Set(episodes.map(({ device }) => device)).size
  if (devices < leastShare * of) return null
  return { key: `${centre.longitude.toFixed(4)},${centre.latitude.toFixed(4)}/${metres}`, of }
}
