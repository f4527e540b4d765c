/** Addresses in 127.0.0.0/8: the i-th district (from 1, in the order of `districts`) has 127.(net+i).0.0/16. */
import { type DistrictCode, districtCodes } from '@hub/contracts'

const hostsPerBlock = 254
/** Fleets of different nets can run on one machine at the same time. */
export const defaultNet = 10

/** Address of a district's n-th camera, from 1; .0 and .255 of each block are left out. */
export function districtAddress(district: DistrictCode, n: number, net = defaultNet): string {
  const block = Math.floor((n - 1) / hostsPerBlock)
  return `127.${net + 1 + districtCodes.indexOf(district)}.${block}.${((n - 1) % hostsPerBlock) + 1}`
}
