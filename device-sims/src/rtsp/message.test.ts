import { describe, expect, it } from 'vitest'
import { createRtspReader, writeReply } from './message.ts'

describe('the RTSP reader', () => {
  it('finds requests between interleaved packets, byte by byte', () => {
    const bytes = Buffer.concat([
      Buffer.from('OPTIONS rtsp://a/main RTSP/1.0\r\nCSeq: 1\r\n\r\n'),
      Buffer.from([0x24, 1, 0, 4, 13, 10, 13, 10]),
      Buffer.from(
        'SET_PARAMETER rtsp://a/main RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 4\r\n\r\na: bPLAY * RTSP/1.0\r\nSession: 7\r\n\r\n',
      ),
    ])
    const read = createRtspReader()
    const found = [...bytes].flatMap((byte) => read(Buffer.from([byte])))
    expect(found.map((r) => [r.method, r.headers.get('cseq')])).toEqual([
      ['OPTIONS', '1'],
      ['SET_PARAMETER', '2'],
      ['PLAY', undefined],
    ])
  })
  it.each([
    'GET / HTTP/1.1\r\n\r\n',
    'PLAY a RTSP/1.0\r\nCSeq\r\n\r\n',
    'PLAY a RTSP/1.0\r\nContent-Length: x\r\n\r\n',
    'x'.repeat(20_000),
  ])('refuses what is no RTSP', (text) => expect(() => createRtspReader()(Buffer.from(text))).toThrow())
  it('answers with the sequence number of the question', () => {
    expect(writeReply(404, '9', []).toString()).toBe(
      'RTSP/1.0 404 Stream Not Found\r\nCSeq: 9\r\nServer: HengyangSims\r\n\r\n',
    )
  })
})
