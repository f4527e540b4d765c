/** Positions of other systems → WGS-84, once, where they enter. */
import { type CoordinateSystem, coordinateSystems } from '@hub/contracts'
import * as module from 'gcoord'

type Gcoord = {
  readonly WGS84: string
  readonly GCJ02: string
  readonly BD09: string
  transform(place: [number, number], from: string, to: string): [number, number]
}

/** As people write the names: `gcj02`, `BD09LL`, `国家2000`. */
export function readSystem(text: string): CoordinateSystem | undefined {
  const plain = text.toUpperCase().replace(/[\s_-]/g, '')
  if (plain === '国家2000' || plain === '2000国家大地坐标系') return 'CGCS2000'
  return coordinateSystems.find((system) => [system.replace('-', ''), `${system.replace('-', '')}LL`].includes(plain))
}

/** A centimetre. */
const decimals = 7

/**
 * GCJ-02 and BD-09 are turned back (gcoord: to less than a metre); CGCS2000 and WGS-84 differ by centimetres, and no camera stands so
 * exactly. What is in WGS-84 stays the number that it was.
 */
export function toWgs84(system: CoordinateSystem, longitude: number, latitude: number): [number, number] {
  if (system === 'WGS-84' || system === 'CGCS2000') return [longitude, latitude]
  // CommonJS in Node, an ES module in a bundler: its types are right for one of them at a time.
  const found = module as unknown as { default: Gcoord & { default?: Gcoord } }
  const gcoord = found.default.default ?? found.default
  const from = system === 'GCJ-02' ? gcoord.GCJ02 : gcoord.BD09
  const [x, y] = gcoord.transform([longitude, latitude], from, gcoord.WGS84)
  return [Number(x.toFixed(decimals)), Number(y.toFixed(decimals))]
}
