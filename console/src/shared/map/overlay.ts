/** What an incident adds to the map, as features: its place, fields of view, resources, and the area that is chosen. Pure. */
import type { CameraView, DeviceState } from '@hub/contracts'
import { circleRing, type Ground, type Position, sectorRing } from './geometry.ts'

type Sector = Ground & { view: CameraView; chosen: boolean; state: DeviceState }
/** A mark with one character in it. */
type Mark = Ground & { sign: string }

export type Overlay = {
  places: readonly (Ground & { main: boolean })[]
  sectors: readonly Sector[]
  marks: readonly Mark[]
  circle: (Ground & { metres: number }) | null
  /** Corners of a polygon; `open` while it is being drawn. */
  ring: { corners: readonly Position[]; open: boolean } | null
}

export const emptyOverlay: Overlay = { places: [], sectors: [], marks: [], circle: null, ring: null }

type Geometry =
  | { type: 'Point'; coordinates: Position }
  | { type: 'LineString'; coordinates: Position[] }
  | { type: 'Polygon'; coordinates: Position[][] }
type Feature = { type: 'Feature'; properties: Record<string, string | number | boolean>; geometry: Geometry }

const feature = (properties: Feature['properties'], geometry: Geometry): Feature => ({
  type: 'Feature',
  properties,
  geometry,
})
const point = ({ longitude, latitude }: Ground): Geometry => ({ type: 'Point', coordinates: [longitude, latitude] })

/** @returns a collection for one source; the layers tell its features apart by `kind` */
export function overlayFeatures({ places, sectors, marks, circle, ring }: Overlay) {
  const features: Feature[] = [
    ...sectors.map((sector) =>
      feature(
        {
          kind: 'sector',
          assumed: sector.view.assumed.length > 0,
          chosen: sector.chosen,
          blind: sector.state === 'down' || sector.state === 'unknown',
        },
        { type: 'Polygon', coordinates: [sectorRing(sector, sector.view)] },
      ),
    ),
    ...marks.map((mark) => feature({ kind: 'mark', sign: mark.sign }, point(mark))),
    ...places.map((place) => feature({ kind: 'place', main: place.main }, point(place))),
  ]
  if (circle)
    features.push(feature({ kind: 'area' }, { type: 'Polygon', coordinates: [circleRing(circle, circle.metres)] }))
  if (ring) features.push(...ringFeatures(ring))
  return { type: 'FeatureCollection' as const, features }
}

function ringFeatures({ corners, open }: NonNullable<Overlay['ring']>): Feature[] {
  const [first] = corners
  const found = open ? corners.map((corner) => feature({ kind: 'corner' }, { type: 'Point', coordinates: corner })) : []
  if (first && corners.length > 2)
    found.push(feature({ kind: 'area' }, { type: 'Polygon', coordinates: [[...corners, first]] }))
  else if (corners.length > 1) found.push(feature({ kind: 'edge' }, { type: 'LineString', coordinates: [...corners] }))
  return found
}
