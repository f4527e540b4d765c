/**
 * What a gateway found and identified, summed up so that both ends can tell whether they hold the same without sending it: a hash for each
 * item, and the sum of the hashes for each of 256 buckets. A sum does not depend on order, and one changed item changes one sum.
 */
import type { DeviceIdentity, FoundDevice } from '@hub/contracts'

/** By the first byte of the hash. */
export const inventoryBuckets = 256

/** Hashes have 48 bits: a number holds them, and the sum of two of them, exactly. */
const hashDigits = 12
const hashSpan = 2 ** (hashDigits * 4)
const bucketSpan = hashSpan / inventoryBuckets

/** @param sha256 hex digest of a text */
const hashOf = (value: unknown, sha256: (text: string) => string): number =>
  Number.parseInt(sha256(JSON.stringify(value)).slice(0, hashDigits), 16)

/** Of everything but when it was seen. */
export function foundHash(found: FoundDevice, sha256: (text: string) => string): number {
  const { endpoint, address, xaddrs, name, hardware, location, project, mac, serial, quarantine } = found
  return hashOf([endpoint, address, xaddrs, name, hardware, location, project, mac, serial, quarantine], sha256)
}

export function identityHash(identity: DeviceIdentity, sha256: (text: string) => string): number {
  const { device, at, manufacturer, model, firmware, serial, profile, codec, width, height, fps, streamUri, ptz } =
    identity
  const picture = [profile, codec, width, height, fps, streamUri, ptz]
  const { oddities, failure, certificate } = identity
  // Where there is nothing to remark, the hash is that of gateways which know no remarks.
  const remarks = oddities || failure || certificate ? [[oddities, failure, certificate]] : []
  return hashOf([device, at, manufacturer, model, firmware, serial, ...picture, ...remarks], sha256)
}

export const bucketOf = (hash: number): number => Math.floor(hash / bucketSpan)

/** The hashes of a bucket: from `from` on, below `to`. */
export const bucketRange = (bucket: number): { from: number; to: number } => ({
  from: bucket * bucketSpan,
  to: (bucket + 1) * bucketSpan,
})

export const addHash = (total: number, hash: number): number => (total + hash) % hashSpan
export const removeHash = (total: number, hash: number): number => (total - hash + hashSpan) % hashSpan

/** The sums of the buckets, one after another, 12 hex digits each: as long for one item as for fifty thousand. */
export const digestText = (totals: readonly number[]): string => totals.map(hashText).join('')

export const hashText = (hash: number): string => hash.toString(16).padStart(hashDigits, '0')
export const hashFrom = (text: string): number => Number.parseInt(text, 16)

/** The buckets in which two digests differ. */
export function differingBuckets(one: string, other: string): number[] {
  const sums = (text: string, bucket: number) => text.slice(bucket * hashDigits, (bucket + 1) * hashDigits)
  return Array.from({ length: inventoryBuckets }, (_, bucket) => bucket).filter(
    (bucket) => sums(one, bucket) !== sums(other, bucket),
  )
}
