/**
 * A byte cap for what comes before an MQTT parser, which would buffer a packet of 256 MB from anyone. Reads no more than fixed headers
 * (MQTT 3.1.1 §2.2): a frame that announces too much ends the connection before its body is kept. Pure.
 */

export type FrameLimits = {
  /** Bytes of the first frame, which must be CONNECT. */
  connectBytes: number
  /** Bytes of every later one. */
  messageBytes: number
}

const connect = 1

/** Takes a stream's chunks one by one; returns what is wrong, or undefined. */
export function frameChecker({ connectBytes, messageBytes }: FrameLimits): (chunk: Uint8Array) => string | undefined {
  let body = 0
  let header = -1
  let length = 0
  let lengthBytes = 0
  let limit = connectBytes
  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (body > 0) {
        const skipped = Math.min(body, chunk.length - at)
        body -= skipped
        at += skipped
      } else if (header < 0) {
        header = chunk[at++]! >> 4
        if (limit === connectBytes && header !== connect) return 'the first packet is not CONNECT'
      } else {
        const byte = chunk[at++]!
        length += (byte & 0x7f) * 128 ** lengthBytes++
        if (length > limit) return `a packet of more than ${limit} bytes`
        if (byte & 0x80) {
          if (lengthBytes === 4) return 'malformed remaining length'
          continue
        }
        body = length
        header = -1
        length = 0
        lengthBytes = 0
        limit = messageBytes
      }
    }
    return undefined
  }
}
