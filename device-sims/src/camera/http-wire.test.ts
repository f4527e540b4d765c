import { describe, expect, it } from 'vitest'
import { createHttpReader, type HttpRequest } from './http-wire.ts'

const feed = (text: string, size = text.length): HttpRequest[] => {
  const read = createHttpReader(() => {})
  const bytes = Buffer.from(text)
  const found: HttpRequest[] = []
  for (let at = 0; at < bytes.length; at += size) found.push(...read(bytes.subarray(at, at + size)))
  return found
}
const post = 'POST /onvif/x HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n中文'
const chunked = 'POST /y HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n'

describe('the HTTP reader', () => {
  it.each([1, 7, 1_000])('finds every request however the bytes arrive (%i at a time)', (size) => {
    const found = feed(post + chunked + post, size)
    expect(found.map((r) => [r.method, r.target, r.body.toString()])).toEqual([
      ['POST', '/onvif/x', '中文'],
      ['POST', '/y', 'abcde'],
      ['POST', '/onvif/x', '中文'],
    ])
  })
  it('keeps HTTP/1.1 connections and closes HTTP/1.0 ones unless told otherwise', () => {
    const keep = (version: string, header = '') => feed(`GET / HTTP/${version}\r\n${header}\r\n`)[0]!.keepAlive
    expect([
      keep('1.1'),
      keep('1.1', 'Connection: Close\r\n'),
      keep('1.0'),
      keep('1.0', 'Connection: keep-alive\r\n'),
    ]).toEqual([true, false, false, true])
  })
  it('tells a waiting client to go on, once', () => {
    let told = 0
    const read = createHttpReader(() => told++)
    read(Buffer.from('POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n'))
    read(Buffer.from('a'))
    expect(read(Buffer.from('b'))).toHaveLength(1)
    expect(told).toBe(1)
  })
  it.each([
    ['GET /\r\n\r\n', 400, 'no HTTP/1 request line'],
    ['GET / HTTP/1.1\r\nHost\r\n\r\n', 400, 'a header has no colon'],
    ['POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400, 'content-length is no number'],
    ['POST / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n', 413, 'the body is larger than 262144 bytes'],
    [`GET / HTTP/1.1\r\nA: ${'x'.repeat(20_000)}`, 431, 'the head is longer than 16384 bytes'],
    ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400, 'a chunk has no size'],
  ])('refuses %j', (text, status, message) => {
    expect(() => feed(text)).toThrow(expect.objectContaining({ status, message }))
  })
})
