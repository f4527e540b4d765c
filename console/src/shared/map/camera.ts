/** Where the map stands, as part of its address. Pure. */
import type { Query } from '../../router/address.ts'

export type Camera = { longitude: number; latitude: number; zoom: number }

export function parseCamera(query: URLSearchParams): Camera | null {
  const [longitude, latitude, zoom] = (query.get('at') ?? '').split(',').map(Number)
  if (!longitude || !latitude || !zoom) return null
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 85 && zoom <= 24 ? { longitude, latitude, zoom } : null
}

/** To about 10 m, which is also how two positions are compared. */
export const cameraText = ({ longitude, latitude, zoom }: Camera): string =>
  `${longitude.toFixed(4)},${latitude.toFixed(4)},${zoom.toFixed(2)}`

/** Null: the district, or the city, in full view. */
export const formatCamera = (camera: Camera | null): Query => ({ at: camera && cameraText(camera) })
