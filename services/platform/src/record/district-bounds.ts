/**
 * The bounding box of each district, for judging positions. No surveyed boundary with a usable licence is at hand, so a point in the
 * box of its district passes: what is outside is wrong for certain. Source: published extents in GCJ-02, brought to WGS-84 by the mean
 * shift at Hengyang (541 m west, 379 m north) and widened by the 300 m that the shift and the extents are uncertain by.
 */
import type { DistrictCode } from '@hub/contracts'

/** West, south, east, north; GCJ-02. */
const extents: Record<DistrictCode, readonly [number, number, number, number]> = {
  '430405': [112.584, 26.748, 112.738, 27.028],
  '430406': [112.548, 26.775, 112.668, 26.897],
  '430407': [112.534, 26.896, 112.664, 27.017],
  '430408': [112.479, 26.804, 112.605, 26.957],
  '430412': [112.569, 27.19, 112.782, 27.332],
  '430421': [112.002, 26.873, 112.752, 27.371],
  '430422': [112.117, 26.544, 113.153, 26.977],
  '430423': [112.469, 26.975, 112.947, 27.469],
  '430424': [112.744, 26.782, 113.284, 27.44],
  '430426': [111.544, 26.464, 112.341, 27.072],
  '430481': [112.628, 26.114, 113.23, 26.706],
  '430482': [112.141, 26.102, 112.693, 26.602],
}

const shift = { longitude: -0.005_45, latitude: 0.003_42 }
const margin = 0.003

/** @param longitude degrees, WGS-84 */
export function isInDistrict(district: DistrictCode, longitude: number, latitude: number): boolean {
  const [west, south, east, north] = extents[district]
  const [x, y] = [longitude - shift.longitude, latitude - shift.latitude]
  return x >= west - margin && x <= east + margin && y >= south - margin && y <= north + margin
}
