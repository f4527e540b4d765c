/**
 * The digest by which the centre and a gateway know that their lists are the same. Kept by both, one device at a time: a device goes in and
 * out of it by the same step. Against accidents, not against malice.
 */
import type { AssignedDevice, AssignmentDigest } from '@hub/contracts'

/** Of an empty list. */
export const emptyDigest: AssignmentDigest = '0'.repeat(16)

/** The digest with the device in it, or without it when it was in. */
export function toggled(digest: AssignmentDigest, device: AssignedDevice): AssignmentDigest {
  const [high, low] = hash(canonical(device))
  return hex(Number.parseInt(digest.slice(0, 8), 16) ^ high) + hex(Number.parseInt(digest.slice(8), 16) ^ low)
}

/** Whatever order its fields came in, and whether one is undefined or absent. */
const canonical = (device: AssignedDevice): string =>
  JSON.stringify(
    Object.entries(device)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** Two lanes of multiply and rotate, finished as MurmurHash3 does. */
function hash(text: string): [number, number] {
  let [a, b] = [0x9e3779b9, 0x85ebca6b]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(rotated(a ^ unit, 5), 0x01000193)
    b = Math.imul(rotated(b ^ unit, 13), 0x27d4eb2f)
  }
  return [finished(a ^ text.length), finished(b ^ rotated(a, 16))]
}

const rotated = (n: number, by: number): number => (n << by) | (n >>> (32 - by))

function finished(n: number): number {
  let h = n
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0')
