/**
 * A CONNECT of a protocol level that is not spoken: MQTT 3.1.1 [MQTT-3.1.2-2] answers it with code 1. Who sent it is read as far as a later
 * level is laid out as 3.1.1 or 5 are: only so is it shown where people look for it.
 */

/** CONNACK, session not present, "unacceptable protocol version". */
const levelRefused: Uint8Array = Uint8Array.of(0x20, 2, 0, 1)

/** mqtt-packet's, as far as it is looked into: the packet that it has begun, and the bytes of it. */
export type PacketParser = {
  _list: { slice(start: number, end: number): Uint8Array }
  packet: { length: number }
  prependListener(event: 'error', listener: (error: Error) => void): unknown
}

/**
 * The parser gives up before the broker can answer, and the broker then closes at once: this comes before it, and names the fault as the
 * broker does that of MQTT 5.
 * @param named is given whom the CONNECT names
 */
export function answerUnspoken(
  parser: PacketParser,
  write: (answer: Uint8Array) => void,
  named: (user: string) => void,
): void {
  parser.prependListener('error', (error) => {
    if (error.message !== 'Invalid protocol version') return
    error.message = 'unacceptable protocol version'
    write(levelRefused)
    named(userOfConnect(parser._list.slice(0, parser.packet.length)))
  })
}

/** @param body of the CONNECT, after its fixed header. @returns the user it names; empty when that cannot be told */
export const userOfConnect = (body: Uint8Array): string => userIn(body, false) ?? userIn(body, true) ?? ''

const flag = { will: 0x04, password: 0x40, user: 0x80 }

/** Undefined when it does not end where it would by this layout. */
function userIn(body: Uint8Array, hasProperties: boolean): string | undefined {
  let at = 0
  const byte = () => body[at++] ?? Number.NaN
  const text = () => {
    const length = byte() * 256 + byte()
    at += length
    return new TextDecoder().decode(body.subarray(at - length, at))
  }
  /** Their length is a variable byte integer. */
  const properties = () => {
    if (!hasProperties) return
    let length = 0
    for (let [scale, more] = [1, true]; more; scale *= 128) {
      const next = byte()
      length += (next & 0x7f) * scale
      more = next >= 0x80
    }
    at += length
  }
  text()
  const level = byte()
  const flags = byte()
  at += 2
  properties()
  text()
  if (flags & flag.will) {
    properties()
    text()
    text()
  }
  const user = flags & flag.user ? text() : ''
  if (flags & flag.password) text()
  return at === body.length && level >= 0 ? user : undefined
}
