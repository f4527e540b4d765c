/** Lists too long for one message, in parts. Pure. */

export type Encoded = { json: string; bytes: number }
export type PartLimits = { items: number; bytes: number }

/** Under the packet limit of the hub's broker (`brokerLimits.messageBytes`), with room for the envelope. */
export const partBytes = 200_000

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
