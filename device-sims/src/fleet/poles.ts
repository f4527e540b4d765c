/** Poles and what feeds them: the groups that fail together. */
import type { Carrier, DistrictCode } from '@hub/contracts'
import type { Random } from '../random.ts'
import { places } from './places.ts'

export type Pole = {
  number: string
  district: DistrictCode
  carrier: Carrier
  switch: string
  power: string
  longitude: number
  latitude: number
  town: string
  /** Crossing or stretch of road, e.g. 东风路与湖南路口. */
  spot: string
}

const carrierShare: Record<Carrier, number> = { telecom: 0.45, mobile: 0.28, unicom: 0.16, cable: 0.11 }
const carrierLetter: Record<Carrier, string> = { telecom: 'D', mobile: 'Y', unicom: 'L', cable: 'G' }
const polesPerSwitch = 5
const polesPerMeterBox = 4

/** Makes the poles of one district, one after another; a switch serves a carrier's next five, a meter box the next four of all. */
export function createPoles(district: DistrictCode, centre: readonly [number, number], random: Random): () => Pole {
  const { box, roads, towns } = places[district]
  const middle = [midway(centre[0], box[0], box[2]), midway(centre[1], box[1], box[3])] as const
  const served: Record<Carrier, number> = { telecom: 0, mobile: 0, unicom: 0, cable: 0 }
  let count = 0
  return () => {
    const carrier = random.weighted(carrierShare)
    const cell = Math.floor(served[carrier]++ / polesPerSwitch) + 1
    const meter = Math.floor(count++ / polesPerMeterBox) + 1
    const road = random.pick(roads)
    const other = random.pick(roads)
    return {
      number: `${district}-${String(count).padStart(5, '0')}`,
      district,
      carrier,
      switch: `SW-${district}-${carrierLetter[carrier]}${String(cell).padStart(4, '0')}`,
      power: `DB-${district}-${String(meter).padStart(4, '0')}`,
      longitude: scatter(middle[0], box[0], box[2], random),
      latitude: scatter(middle[1], box[1], box[3], random),
      town: random.pick(towns),
      spot: road === other ? `${road}${random.below(380) + 1}号` : `${road}与${other}口`,
    }
  }
}

/** The centre where it lies well inside the box, else the middle of the box. */
const midway = (centre: number, low: number, high: number): number =>
  centre > low + (high - low) / 5 && centre < high - (high - low) / 5 ? centre : (low + high) / 2

/** Dense at the centre, thin towards the edge, never outside: half the points lie in the inner fifth. */
function scatter(centre: number, low: number, high: number, random: Random): number {
  const reach = (random.next() < 0.5 ? low : high) - centre
  return Math.round((centre + reach * 0.9 * random.next() ** 2.3) * 1e6) / 1e6
}
