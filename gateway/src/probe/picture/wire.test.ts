import { expect, test } from 'vitest'
import { type Heard, RtspWire } from './wire.ts'

const reply = 'RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 12;timeout=60\r\nContent-Length: 4\r\n\r\nv=0\n'
const packet = (channel: number, text: string) =>
  Buffer.concat([Buffer.from([0x24, channel, 0, text.length]), Buffer.from(text)])
const question = 'OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 1\r\n\r\n'
const stream = Buffer.concat([
  packet(0, 'abc'),
  Buffer.from(reply),
  packet(1, ''),
  Buffer.from(question),
  packet(0, 'z'),
])

const brief = (heard: Heard) =>
  'reply' in heard
    ? [heard.reply.status, heard.reply.headers.get('session'), heard.reply.body]
    : [heard.channel, `${heard.packet}`]
const expected = [
  [0, 'abc'],
  [200, '12;timeout=60', 'v=0\n'],
  [1, ''],
  [0, 'z'],
]

test('answers and packets, whole', () => {
  expect(new RtspWire().feed(stream).map(brief)).toEqual(expected)
})
test('the same, a byte at a time', () => {
  const wire = new RtspWire()
  expect([...stream].flatMap((byte) => wire.feed(Buffer.from([byte])).map(brief))).toEqual(expected)
})
test.each([
  ['HTTP/1.1 200 OK\r\n\r\n', 'the answer is not RTSP'],
  ['RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n', 'an RTSP body of 99999999 bytes'],
  ['RTSP/1.0 200 OK\r\nContent-Length: x\r\n\r\n', 'an RTSP body of x bytes'],
  ['x'.repeat(20_000), 'RTSP headers without an end'],
])('refuses %.40s', (text, message) => {
  expect(() => new RtspWire().feed(Buffer.from(text))).toThrow(
    expect.objectContaining({ message, reason: 'malformed' }),
  )
})
