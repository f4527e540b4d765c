import { describe, expect, it } from 'vitest'
import { readAnnexB } from './annexb.ts'
import { clipAt, describe as sdp } from './clip.ts'
import { packetise, rtpPacket, senderReport } from './rtp.ts'

/** Joins payloads again, by RFC 6184 5.6 and 5.8, written apart from the sender. */
function depacketise(payloads: readonly Buffer[]): Buffer[] {
  const units: Buffer[] = []
  let parts: Buffer[] = []
  for (const payload of payloads) {
    if ((payload[0]! & 0x1f) !== 28) units.push(payload)
    else {
      if (payload[1]! & 0x80) parts = [Buffer.from([(payload[0]! & 0xe0) | (payload[1]! & 0x1f)])]
      parts.push(payload.subarray(2))
      if (payload[1]! & 0x40) units.push(Buffer.concat(parts))
    }
  }
  return units
}

describe('RTP for H.264', () => {
  it.each([1, 1_400, 1_401, 1_402, 2_799, 2_800, 50_000])('carries a unit of %i bytes whole', (length) => {
    const unit = Buffer.alloc(length, 7)
    unit[0] = 0x65
    const payloads = packetise([unit])
    expect(depacketise(payloads)).toEqual([unit])
    expect(Math.max(...payloads.map((p) => p.length))).toBeLessThanOrEqual(1_400)
  })
  it('writes the header of RFC 3550 5.1', () => {
    const packet = rtpPacket({
      sequence: 65_537,
      timestamp: 2 ** 32 + 3,
      ssrc: 0xdeadbeef,
      marker: true,
      payload: Buffer.from('ab'),
    })
    expect(packet.toString('hex')).toBe('80e0000100000003deadbeef6162')
  })
  it('reports wall time in NTP seconds', () => {
    const report = senderReport(1, 1_500, 90, 2, 3)
    expect(report.readUInt32BE(8)).toBe(2_208_988_801)
    expect(report.readUInt32BE(12)).toBe(0x8000_0000)
  })
})

describe('the clips', () => {
  it.each([
    ['/main', 50],
    ['/sub', 30],
  ])('%s holds %i pictures and begins with its parameter sets', (path, pictures) => {
    const clip = clipAt(path)!
    expect(clip.pictures).toHaveLength(pictures)
    expect(depacketise(clip.pictures[0]!).map((unit) => unit[0]! & 0x1f)).toEqual([7, 8, 5])
    expect(clipAt(`${path}/track1`)).toBe(clip)
  })
  it('has no clip elsewhere', () => expect(clipAt('/main/other')).toBeUndefined())
  it('names its parameter sets in the SDP', () => {
    const text = sdp(clipAt('/main')!, '127.11.0.1', 'x')
    expect(text).toMatch(
      /a=fmtp:96 packetization-mode=1;profile-level-id=4D[0-9A-F]{4};sprop-parameter-sets=Z[\w+/=]+,a[\w+/=]+/,
    )
  })
  it('joins the slices of a picture', () => {
    const unit = (...bytes: number[]) => Buffer.from([0, 0, 0, 1, ...bytes])
    const stream = readAnnexB(
      Buffer.concat([unit(0x67, 1), unit(0x68, 1), unit(0x65, 0x80, 1), unit(0x65, 0x40, 1), unit(0x41, 0x80, 1)]),
    )
    expect(stream.pictures.map((p) => [p.units.length, p.key])).toEqual([
      [2, true],
      [1, false],
    ])
  })
  it('refuses a stream that cannot begin', () => {
    expect(() => readAnnexB(Buffer.from([0, 0, 1, 0x61, 1]))).toThrow('parameter sets')
  })
})
