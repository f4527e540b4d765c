/** Places of CAP alerts: `latitude,longitude`, in this order, WGS-84. */
import {
  type CapAlert,
  type CapArea,
  type DistrictCode,
  districtCodes,
  districts,
  type GeoPoint,
  limitText,
} from '@hub/contracts'
import { inRing } from './geometry.ts'
import { districtAt, metresBetween } from './place.ts'

/** Every edge is held against every other: more would cost too much. */
const mostPairs = 1_000
const mostKm = 20_100
const number = String.raw`[+-]?\d{1,3}(?:\.\d{1,15})?`
const pairForm = new RegExp(`^(${number}),(${number})$`)
const circleForm = /^(\S+)\s+(\d{1,5}(?:\.\d{1,15})?)$/

type Pair = { latitude: number; longitude: number }

const pairOf = (text: string): Pair | undefined => {
  const [, latitude, longitude] = pairForm.exec(text) ?? []
  return latitude === undefined ? undefined : { latitude: Number(latitude), longitude: Number(longitude) }
}

function rangeFault({ latitude, longitude }: Pair): string | undefined {
  if (Math.abs(latitude) > 90) return Math.abs(longitude) <= 90 ? limitText('cap-swapped') : limitText('cap-latitude')
  return Math.abs(longitude) > 180 ? limitText('cap-longitude') : undefined
}

/** What is wrong with a polygon; undefined: nothing. */
export function polygonFault(text: string): string | undefined {
  const words = text.trim().split(/\s+/)
  if (words.length > mostPairs) return limitText('cap-polygon-most', { most: mostPairs })
  const pairs: Pair[] = []
  for (const word of words) {
    const pair = pairOf(word)
    if (!pair) return limitText('cap-polygon-pairs')
    const fault = rangeFault(pair)
    if (fault) return fault
    pairs.push(pair)
  }
  if (pairs.length < 4) return limitText('cap-polygon-few')
  if (!isSame(pairs[0]!, pairs.at(-1)!)) return limitText('cap-polygon-open')
  const ring = ringOf(pairs)
  return ring.length < 3 || crossesItself(ring) ? limitText('cap-polygon-crosses') : undefined
}

/** What is wrong with a circle; undefined: nothing. */
export function circleFault(text: string): string | undefined {
  const [, place, km] = circleForm.exec(text.trim()) ?? []
  const pair = place === undefined ? undefined : pairOf(place)
  if (!pair) return limitText('cap-circle')
  return rangeFault(pair) ?? (Number(km) > mostKm ? limitText('cap-radius') : undefined)
}

const isSame = (a: Pair, b: Pair) => a.latitude === b.latitude && a.longitude === b.longitude

/** Without the repeated first point, and without one that stands twice in a row. */
const ringOf = (pairs: readonly Pair[]): Pair[] => pairs.slice(1).filter((pair, n) => !isSame(pair, pairs[n]!))

/** Twice the area of a triangle, with its sense of rotation. */
const turn = (a: Pair, b: Pair, c: Pair): number =>
  (b.longitude - a.longitude) * (c.latitude - a.latitude) - (b.latitude - a.latitude) * (c.longitude - a.longitude)

/** Of a point that is on the line through both. */
const isBetween = (a: Pair, b: Pair, p: Pair): boolean =>
  Math.min(a.longitude, b.longitude) <= p.longitude &&
  p.longitude <= Math.max(a.longitude, b.longitude) &&
  Math.min(a.latitude, b.latitude) <= p.latitude &&
  p.latitude <= Math.max(a.latitude, b.latitude)

/** The boxes around both edges first: most lie apart, and this is cheap. */
function doMeet(a: Pair, b: Pair, c: Pair, d: Pair): boolean {
  if (Math.max(a.longitude, b.longitude) < Math.min(c.longitude, d.longitude)) return false
  if (Math.max(c.longitude, d.longitude) < Math.min(a.longitude, b.longitude)) return false
  if (Math.max(a.latitude, b.latitude) < Math.min(c.latitude, d.latitude)) return false
  if (Math.max(c.latitude, d.latitude) < Math.min(a.latitude, b.latitude)) return false
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)]
  if (Math.sign(abc) * Math.sign(abd) < 0 && Math.sign(cda) * Math.sign(cdb) < 0) return true
  return (
    (abc === 0 && isBetween(a, b, c)) ||
    (abd === 0 && isBetween(a, b, d)) ||
    (cda === 0 && isBetween(c, d, a)) ||
    (cdb === 0 && isBetween(c, d, b))
  )
}

/** Edges that follow each other share a point, but must not run back over each other. */
function crossesItself(ring: readonly Pair[]): boolean {
  const count = ring.length
  const at = (n: number) => ring[n % count]!
  for (let i = 0; i < count; i++) {
    const [a, b, c] = [at(i), at(i + 1), at(i + 2)]
    if (turn(a, b, c) === 0 && (isBetween(a, b, c) || isBetween(b, c, a))) return true
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue
      if (doMeet(a, b, at(j), at(j + 1))) return true
    }
  }
  return false
}

const china = { south: 3, north: 54, west: 73, east: 136 }
const isInChina = ({ latitude, longitude }: Pair) =>
  latitude >= china.south && latitude <= china.north && longitude >= china.west && longitude <= china.east

/** Texts with a place outside China that would be in it the other way round. A hint: both readings are places. */
export function doubtfulPlaces(alert: CapAlert): string[] {
  const texts = areasOf(alert).flatMap(({ polygon = [], circle = [] }) => [...polygon, ...circle])
  const isDoubtful = (word: string) => {
    const pair = pairOf(word)
    return pair && !isInChina(pair) && isInChina({ latitude: pair.longitude, longitude: pair.latitude })
  }
  return texts.filter((text) => text.split(/\s+/).some(isDoubtful))
}

export const areasOf = ({ info = [] }: CapAlert): CapArea[] => info.flatMap(({ area = [] }) => area)

/** Where in the city an alert is: its first area that touches the city; the point only of one whose centre lies there. */
export function capPlace(alert: CapAlert): { district: DistrictCode; point: GeoPoint | null } | undefined {
  for (const area of areasOf(alert)) {
    const coded = area.geocode?.map(({ value }) => districtCodes.find((code) => value.startsWith(code))).find(Boolean)
    for (const text of area.circle ?? []) {
      const [, place = '', km] = circleForm.exec(text.trim()) ?? []
      const centre = pairOf(place)
      if (!centre) continue
      const within = districtAt(centre)
      if (within) return { district: coded ?? within, point: centre }
      const reached = districts.find((d) => metresBetween(centre, centreOf(d)) <= Number(km) * 1_000)
      if (reached) return { district: coded ?? reached.code, point: null }
    }
    for (const text of area.polygon ?? []) {
      const ring = ringOf(
        text
          .trim()
          .split(/\s+/)
          .map((word) => pairOf(word)!),
      )
      const centre = meanOf(ring)
      const within = districtAt(centre)
      if (within && inRing(ring, centre)) return { district: coded ?? within, point: centre }
      const touched =
        districts.find((d) => inRing(ring, centreOf(d)))?.code ?? ring.map((corner) => districtAt(corner)).find(Boolean)
      if (touched) return { district: coded ?? touched, point: null }
    }
    if (coded) return { district: coded, point: null }
  }
  return undefined
}

const centreOf = ({ centre: [longitude, latitude] }: (typeof districts)[number]): GeoPoint => ({ longitude, latitude })
const meanOf = (ring: readonly Pair[]): Pair => ({
  latitude: ring.reduce((sum, { latitude }) => sum + latitude, 0) / ring.length,
  longitude: ring.reduce((sum, { longitude }) => sum + longitude, 0) / ring.length,
})
