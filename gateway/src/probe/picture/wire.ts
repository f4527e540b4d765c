/**
 * What comes over an RTSP connection while media flows: answers, and binary packets between them (RFC 2326 10.12). Fed bytes,
 * no I/O, bounded.
 */
import { malformed } from '../../onvif/fault.ts'

export type RtspReply = { status: number; headers: ReadonlyMap<string, string>; challenges: string[]; body: string }
export type Heard = { reply: RtspReply } | { channel: number; packet: Buffer }

const maxHead = 16_384
const maxBody = 65_536
const dollar = 0x24

export class RtspWire {
  #pending: Buffer = Buffer.alloc(0)

  /** Everything that is whole now, in order; packets are views of the bytes that came. @throws OnvifFault malformed */
  feed(bytes: Buffer): Heard[] {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes
    const heard: Heard[] = []
    for (;;) {
      const [size, one] = this.#next(this.#pending)
      if (size === 0) break
      if (one) heard.push(one)
      this.#pending = this.#pending.subarray(size)
    }
    // A view would keep everything that came with it.
    this.#pending = Buffer.from(this.#pending)
    return heard
  }

  /** How many bytes the next message has, 0 while it is not whole, and what it is. */
  #next(bytes: Buffer): [size: number, heard?: Heard] {
    if (bytes.length < 4) return [0]
    if (bytes[0] === dollar) {
      const size = 4 + bytes.readUInt16BE(2)
      return bytes.length < size ? [0] : [size, { channel: bytes[1]!, packet: bytes.subarray(4, size) }]
    }
    const end = bytes.indexOf('\r\n\r\n', 0, 'latin1')
    if (end < 0) {
      if (bytes.length > maxHead) throw malformed('RTSP headers without an end')
      return [0]
    }
    const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
    const fields = lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()]
    })
    const headers = new Map(fields)
    const length = Number(headers.get('content-length') ?? 0)
    if (!(length >= 0 && length <= maxBody)) throw malformed(`an RTSP body of ${headers.get('content-length')} bytes`)
    const size = end + 4 + length
    if (bytes.length < size) return [0]
    const status = /^RTSP\/1\.0 (\d{3})/.exec(first)?.[1]
    // A camera may itself ask something (OPTIONS, ANNOUNCE): it need not be answered within a few seconds.
    if (!status) return /RTSP\/1\.0$/.test(first) ? [size] : fail()
    const challenges = fields.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
    const body = bytes.toString('utf8', end + 4, size)
    return [size, { reply: { status: Number(status), headers, challenges, body } }]
  }
}

function fail(): never {
  throw malformed('the answer is not RTSP')
}
