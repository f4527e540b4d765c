/**
 * H.264 and H.265 out of RTP (RFC 3550, RFC 6184, RFC 7798), as an Annex B stream that begins with a key picture. Pure but for its
 * own state. What is lost is lost: over TCP nothing is, and one gap in a stream of seconds only costs that picture.
 */

export type Codec = 'H264' | 'H265'

const startCode = Buffer.from([0, 0, 0, 1])
/** Bytes of one picture check: 30 Mbit/s for four seconds. */
const maxBytes = 16 * 2 ** 20

type Kinds = {
  header: number
  typeOf: (unit: Buffer) => number
  isKey: (type: number) => boolean
  isParameterSet: (type: number) => boolean
  isPicture: (type: number) => boolean
  aggregate: number
  fragment: number
}

const kinds: Record<Codec, Kinds> = {
  H264: {
    header: 1,
    typeOf: (unit) => unit[0]! & 0x1f,
    isKey: (type) => type === 5,
    isParameterSet: (type) => type === 7 || type === 8,
    isPicture: (type) => type >= 1 && type <= 5,
    aggregate: 24,
    fragment: 28,
  },
  H265: {
    header: 2,
    typeOf: (unit) => (unit[0]! >> 1) & 0x3f,
    isKey: (type) => type >= 16 && type <= 21,
    isParameterSet: (type) => type >= 32 && type <= 34,
    isPicture: (type) => type < 32,
    aggregate: 48,
    fragment: 49,
  },
}

export class Recording {
  readonly #kinds: Kinds
  readonly #payloadType: number
  /** Parameter sets that came before the key picture, or with the description. */
  #parameterSets: Buffer[]
  #units: Buffer[] = []
  #bytes = 0
  #fragment: Buffer[] = []
  #lastTimestamp: number | undefined
  #pictures = 0
  #begun = false

  /** @param parameterSets of the description: some cameras send them nowhere else. */
  constructor(options: { codec: Codec; payloadType: number; parameterSets: readonly Buffer[] }) {
    this.#kinds = kinds[options.codec]
    this.#payloadType = options.payloadType
    this.#parameterSets = [...options.parameterSets]
  }

  /** Pictures since the key picture, it included. The last may not be whole yet. */
  get pictures(): number {
    return this.#pictures
  }
  get full(): boolean {
    return this.#bytes >= maxBytes
  }

  annexB(): Buffer {
    return Buffer.concat(this.#units.flatMap((unit) => [startCode, unit]))
  }

  /** Takes an RTP packet; others are ignored. */
  take(packet: Buffer): void {
    const payload = payloadOf(packet, this.#payloadType)
    if (!payload || payload.length <= this.#kinds.header || this.full) return
    const timestamp = packet.readUInt32BE(4)
    const { header, aggregate, fragment, typeOf } = this.#kinds
    const type = typeOf(payload)
    if (type === aggregate) {
      for (let at = header; at + 2 <= payload.length; ) {
        const size = payload.readUInt16BE(at)
        this.#unit(payload.subarray(at + 2, at + 2 + size), timestamp)
        at += 2 + size
      }
    } else if (type === fragment) this.#fragments(payload, timestamp)
    else this.#unit(payload, timestamp)
  }

  #fragments(payload: Buffer, timestamp: number): void {
    const { header } = this.#kinds
    const mark = payload[header]!
    if (mark & 0x80) this.#fragment = [unfragmentedHeader(payload, header)]
    else if (this.#fragment.length === 0) return
    this.#fragment.push(Buffer.from(payload.subarray(header + 1)))
    if (!(mark & 0x40)) return
    const whole = Buffer.concat(this.#fragment)
    this.#fragment = []
    this.#unit(whole, timestamp)
  }

  #unit(unit: Buffer, timestamp: number): void {
    const { typeOf, isKey, isParameterSet, isPicture, header } = this.#kinds
    if (unit.length <= header) return
    const type = typeOf(unit)
    if (!this.#begun) {
      if (isParameterSet(type)) this.#parameterSets = [...this.#parameterSets, Buffer.from(unit)].slice(-8)
      if (!isKey(type)) return
      this.#begun = true
      for (const set of this.#parameterSets) this.#keep(set)
    }
    if (isPicture(type) && timestamp !== this.#lastTimestamp) {
      this.#lastTimestamp = timestamp
      this.#pictures++
    }
    this.#keep(Buffer.from(unit))
  }

  #keep(unit: Buffer): void {
    this.#units.push(unit)
    this.#bytes += unit.length
  }
}

/** NAL unit header out of a fragment's (RFC 6184 5.8, RFC 7798 4.4.3). */
const unfragmentedHeader = (payload: Buffer, header: number): Buffer =>
  header === 1
    ? Buffer.from([(payload[0]! & 0xe0) | (payload[1]! & 0x1f)])
    : Buffer.from([(payload[0]! & 0x81) | ((payload[2]! & 0x3f) << 1), payload[1]!])

/** RFC 3550 5.1: contributing sources, extension and padding are cut off. */
function payloadOf(packet: Buffer, payloadType: number): Buffer | undefined {
  if (packet.length < 12 || packet[0]! >> 6 !== 2 || (packet[1]! & 0x7f) !== payloadType) return undefined
  let start = 12 + (packet[0]! & 0x0f) * 4
  if (packet[0]! & 0x10) {
    if (packet.length < start + 4) return undefined
    start += 4 + packet.readUInt16BE(start + 2) * 4
  }
  const padding = packet[0]! & 0x20 ? packet[packet.length - 1]! : 0
  return start < packet.length - padding ? packet.subarray(start, packet.length - padding) : undefined
}
