import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameChecker } from './frames.ts'

const limits = { connectBytes: 100, messageBytes: 1_000 }
const connect = 0x10
const publish = 0x30

function frame(type: number, length: number): Buffer {
  const header = [type]
  let left = length
  do {
    header.push((left % 128) | (left >= 128 ? 0x80 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length)])
}
/** What the checker says of a stream cut into pieces of `size` bytes. */
const verdict = (stream: Buffer, size = stream.length) => {
  const check = frameChecker(limits)
  for (let at = 0; at < stream.length; at += size) {
    const problem = check(stream.subarray(at, at + size))
    if (problem) return problem
  }
  return undefined
}

describe('the frame guard', () => {
  it.each([
    ['CONNECT at its limit', [frame(connect, 100)], undefined],
    ['CONNECT above it', [frame(connect, 101)], 'a packet of more than 100 bytes'],
    ['another packet first', [frame(publish, 2)], 'the first packet is not CONNECT'],
    ['a message at its limit', [frame(connect, 10), frame(publish, 1_000)], undefined],
    ['a message above it', [frame(connect, 10), frame(publish, 1_001)], 'a packet of more than 1000 bytes'],
    ['empty packets', [frame(connect, 10), frame(0xc0, 0), frame(0xc0, 0), frame(publish, 1_000)], undefined],
    ['256 MB announced', [Buffer.from([connect, 0xff, 0xff, 0xff, 0x7f])], 'a packet of more than 100 bytes'],
    ['a length without an end', [Buffer.from([connect, 0x80, 0x80, 0x80, 0x80, 0x01])], 'malformed remaining length'],
  ])('%s', (_, frames, expected) => expect(verdict(Buffer.concat(frames))).toBe(expected))

  it('says the same however the stream is cut', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_100 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 700 }),
        (lengths, size) => {
          const stream = Buffer.concat([frame(connect, 50), ...lengths.map((length) => frame(publish, length))])
          const expected = lengths.some((length) => length > 1_000) ? 'a packet of more than 1000 bytes' : undefined
          expect(verdict(stream, size)).toBe(expected)
        },
      ),
    ))
})
