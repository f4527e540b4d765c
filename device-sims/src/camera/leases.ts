/**
 * Which camera has which address. Of a make that takes its address from DHCP, two that lose power together are given each other's when they
 * come back. They are paired in the order of the fleet.
 */
import type { Camera } from './camera.ts'

export type Leases = {
  /** As it is now. */
  readonly byAddress: ReadonlyMap<string, Camera>
  /** A camera is back from a power cut. @returns those that have another address now */
  restarted(camera: Camera): readonly Camera[]
}

/** @param trade moves what else is bound to an address; false where it cannot be moved, and nothing changes then */
export function createLeases(cameras: readonly Camera[], trade: (one: Camera, other: Camera) => boolean): Leases {
  const byAddress = new Map(cameras.map((camera) => [camera.address, camera]))
  const partners = new Map<Camera, Camera>()
  const trading = cameras.filter(({ profile }) => profile.tradesAddress)
  for (let n = 1; n < trading.length; n += 2) {
    const [one, other] = [trading[n - 1]!, trading[n]!]
    partners.set(one, other).set(other, one)
  }
  return {
    byAddress,
    restarted(camera) {
      const other = partners.get(camera)
      // The second of the two to be back.
      if (other?.starts !== camera.starts || !other.powered || !trade(camera, other)) return []
      ;[camera.address, other.address] = [other.address, camera.address]
      byAddress.set(camera.address, camera).set(other.address, other)
      return [camera, other]
    },
  }
}
