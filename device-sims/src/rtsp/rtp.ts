/** RTP payload for H.264 (RFC 6184, packetization-mode 1) and the packets around it (RFC 3550). */

/** Room for a payload in an Ethernet frame over IPv4, UDP and RTP, with some to spare. */
const largestPayload = 1_400

/** Single NAL unit packets where a unit fits (5.6), FU-A fragments where it does not (5.8). */
export function packetise(units: readonly Buffer[]): Buffer[] {
  const payloads: Buffer[] = []
  for (const unit of units) {
    if (unit.length <= largestPayload) {
      payloads.push(unit)
      continue
    }
    const indicator = (unit[0]! & 0xe0) | 28
    const room = largestPayload - 2
    for (let at = 1; at < unit.length; at += room) {
      const first = at === 1 ? 0x80 : 0
      const last = at + room >= unit.length ? 0x40 : 0
      payloads.push(
        Buffer.concat([Buffer.from([indicator, first | last | (unit[0]! & 0x1f)]), unit.subarray(at, at + room)]),
      )
    }
  }
  return payloads
}

export type RtpPacket = { sequence: number; timestamp: number; ssrc: number; marker: boolean; payload: Buffer }

export const payloadType = 96

export function rtpPacket({ sequence, timestamp, ssrc, marker, payload }: RtpPacket): Buffer {
  const packet = Buffer.allocUnsafe(12 + payload.length)
  packet[0] = 0x80
  packet[1] = payloadType | (marker ? 0x80 : 0)
  packet.writeUInt16BE(sequence & 0xffff, 2)
  packet.writeUInt32BE(timestamp >>> 0, 4)
  packet.writeUInt32BE(ssrc, 8)
  payload.copy(packet, 12)
  return packet
}

/** Sender report (6.4.1): which wall time an RTP timestamp has. `now` in UTC milliseconds. */
export function senderReport(ssrc: number, now: number, timestamp: number, packets: number, octets: number): Buffer {
  const report = Buffer.alloc(28)
  report[0] = 0x80
  report[1] = 200
  report.writeUInt16BE(6, 2)
  report.writeUInt32BE(ssrc, 4)
  report.writeUInt32BE((Math.floor(now / 1_000) + 2_208_988_800) >>> 0, 8)
  report.writeUInt32BE(Math.floor(((now % 1_000) / 1_000) * 0x1_0000_0000) >>> 0, 12)
  report.writeUInt32BE(timestamp >>> 0, 16)
  report.writeUInt32BE(packets >>> 0, 20)
  report.writeUInt32BE(octets >>> 0, 24)
  return report
}
