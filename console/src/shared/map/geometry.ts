/** Shapes on the ground, small enough that the earth is flat: rings of circles and fields of view, and what lies within one. Pure. */
export type Ground = { longitude: number; latitude: number }
/** Longitude and latitude, as GeoJSON has them. */
export type Position = [number, number]

const metresPerDegree = 111_195
const degree = Math.PI / 180
const circleSteps = 64
const fullTurn = 360

/** The place so many metres away, in a direction clockwise from north. */
export function towards({ longitude, latitude }: Ground, bearing: number, metres: number): Position {
  const north = (Math.cos(bearing * degree) * metres) / metresPerDegree
  const east = (Math.sin(bearing * degree) * metres) / (metresPerDegree * Math.cos(latitude * degree))
  return [longitude + east, latitude + north]
}

export function metresBetween(a: Ground, b: Ground): number {
  const north = (b.latitude - a.latitude) * metresPerDegree
  const east = (b.longitude - a.longitude) * metresPerDegree * Math.cos(((a.latitude + b.latitude) / 2) * degree)
  return Math.hypot(north, east)
}

/** A closed ring. */
export function circleRing(centre: Ground, metres: number): Position[] {
  return Array.from({ length: circleSteps + 1 }, (_, step) =>
    towards(centre, ((step % circleSteps) * fullTurn) / circleSteps, metres),
  )
}

/** The closed ring of what a camera sees; all round where it has no heading. */
export function sectorRing(from: Ground, view: { heading: number | null; field: number; range: number }): Position[] {
  if (view.heading === null || view.field >= fullTurn) return circleRing(from, view.range)
  const start = view.heading - view.field / 2
  const steps = Math.max(2, Math.ceil((circleSteps * view.field) / fullTurn))
  const arc = Array.from({ length: steps + 1 }, (_, step) =>
    towards(from, start + (view.field * step) / steps, view.range),
  )
  const eye: Position = [from.longitude, from.latitude]
  return [eye, ...arc, eye]
}

/** Whether a place lies in a ring, closed or not (even-odd rule). */
export function insideRing(ring: readonly Position[], { longitude: x, latitude: y }: Ground): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i] as Position
    const [xj, yj] = ring[j] as Position
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

/** West, south, east, north of a circle. */
export function boundsAround(centre: Ground, metres: number): [number, number, number, number] {
  const [east, north] = [towards(centre, 90, metres)[0], towards(centre, 0, metres)[1]]
  return [2 * centre.longitude - east, 2 * centre.latitude - north, east, north]
}
