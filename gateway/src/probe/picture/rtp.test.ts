import { expect, test } from 'vitest'
import { type Codec, Recording } from './rtp.ts'

const rtp = (payload: number[], timestamp = 1, { type = 96, flags = 0x80, head = [] as number[] } = {}) => {
  const fixed = Buffer.from([flags, type, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9])
  fixed.writeUInt32BE(timestamp, 4)
  return Buffer.concat([fixed, Buffer.from(head), Buffer.from(payload)])
}
const recording = (codec: Codec = 'H264', parameterSets: Buffer[] = []) =>
  new Recording({ codec, payloadType: 96, parameterSets })
const units = (of: Recording) => of.annexB().toString('hex').split('00000001').slice(1)

test('begins with the key picture and what the decoder needs for it', () => {
  const of = recording()
  for (const [n, payload] of [
    [0x41, 1],
    [0x67, 7],
    [0x68, 8],
    [0x65, 5],
    [0x41, 2],
  ].entries())
    of.take(rtp(payload, n < 4 ? 1 : 2))
  expect(units(of)).toEqual(['6707', '6808', '6505', '4102'])
  expect(of.pictures).toBe(2)
})
test('parameter sets that only the description holds', () => {
  const of = recording('H264', [Buffer.from([0x67, 1]), Buffer.from([0x68, 2])])
  of.take(rtp([0x65, 5]))
  expect(units(of)).toEqual(['6701', '6802', '6505'])
})
test('slices of one picture are one picture', () => {
  const of = recording()
  for (const slice of [1, 2, 3]) of.take(rtp([0x65, slice], 7))
  expect(of.pictures).toBe(1)
})
test('fragments and aggregates of H.264 (RFC 6184 5.7.1, 5.8)', () => {
  const of = recording()
  of.take(rtp([0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 2]))
  of.take(rtp([0x7c, 0x85, 0xaa]))
  of.take(rtp([0x7c, 0x05, 0xbb]))
  of.take(rtp([0x7c, 0x45, 0xcc]))
  expect(units(of)).toEqual(['6701', '6802', '65aabbcc'])
})
test('a fragment whose beginning was missed is left out', () => {
  const of = recording()
  of.take(rtp([0x7c, 0x45, 0xcc]))
  of.take(rtp([0x65, 5]))
  expect(units(of)).toEqual(['6505'])
})
test('H.265 (RFC 7798 4.4.2, 4.4.3)', () => {
  const of = recording('H265')
  of.take(rtp([0x60, 0x01, 0, 3, 0x40, 0x01, 9, 0, 3, 0x42, 0x01, 8]))
  of.take(rtp([0x62, 0x01, 0x93, 0xaa]))
  of.take(rtp([0x62, 0x01, 0x53, 0xbb]))
  expect(units(of)).toEqual(['400109', '420108', '2601aabb'])
})
test('contributing sources, header extension and padding are no payload (RFC 3550 5.1)', () => {
  const of = recording()
  of.take(rtp([0x65, 5, 0, 0, 3], 1, { flags: 0xb1, head: [1, 2, 3, 4, 0xbe, 0xde, 0, 1, 0, 0, 0, 0] }))
  expect(units(of)).toEqual(['6505'])
})
test.each([
  ['another payload type', rtp([0x65, 5], 1, { type: 8 })],
  ['another version', rtp([0x65, 5], 1, { flags: 0x40 })],
  ['too short', Buffer.from([0x80, 96, 0])],
  ['padding alone', rtp([200], 1, { flags: 0xa0 })],
  ['an extension without an end', rtp([], 1, { flags: 0x90 })],
])('ignores %s', (_, packet) => {
  const of = recording()
  of.take(packet)
  expect([of.pictures, of.annexB().length]).toEqual([0, 0])
})
test('its memory has a bound', () => {
  const of = recording()
  const big = rtp([0x65, ...new Array<number>(60_000).fill(1)])
  for (let n = 0; n < 1_000; n++) of.take(big)
  expect(of.full).toBe(true)
  expect(of.annexB().length).toBeLessThan(17 * 2 ** 20)
})
