/** Lists too long for one message, in parts. Pure. */

export type Encoded = { json: string; bytes: number }
export type PartLimits = { items: number; bytes: number }

/** Room for 5,000 plain observations in one message, and far below the packet limit that the hub's broker sets for gateways (8 MiB). */
export const partBytes = 1_000_000

export function encodeJson(value: unknown): Encoded {
  const json = JSON.stringify(value)
  return { json, bytes: Buffer.byteLength(json) }
}

/** Parts in order, each within the limits; a single item always makes a part. */
export function split<T extends Encoded>(items: readonly T[], limits: PartLimits): T[][] {
  const parts: T[][] = []
  let part: T[] = []
  let bytes = 0
  for (const item of items) {
    if (part.length > 0 && (part.length === limits.items || bytes + item.bytes > limits.bytes)) {
      parts.push(part)
      part = []
      bytes = 0
    }
    part.push(item)
    bytes += item.bytes + 1
  }
  if (part.length > 0) parts.push(part)
  return parts
}
