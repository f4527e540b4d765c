import { describe, expect, test } from 'vitest'
import { decodeBody, type HttpResponse, ResponseReader } from './http.ts'

/** Reads text that arrives in pieces of `size` bytes, and is closed at its end. */
function read(text: string, size = text.length, cap = 1_000): HttpResponse {
  const reader = new ResponseReader(cap)
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += size) {
    const response = reader.feed(bytes.subarray(at, at + size))
    if (response) return response
  }
  return reader.end()
}

const answers: [string, string, string][] = [
  ['content-length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
  ['more bytes than the length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, world', 'hello'],
  ['bare line feeds', 'HTTP/1.1 200 OK\ncontent-length:5\n\nhello', 'hello'],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nhel\r\n02\r\nlo\r\n0\r\nTrailer: x\r\n\r\n',
    'hello',
  ],
  [
    'chunked wins over a length',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    'hello',
  ],
  ['until close', 'HTTP/1.0 200 OK\r\n\r\nhello', 'hello'],
  ['100 Continue first', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
  ['no reason phrase', 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
  ['no content', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
]
describe.each([1, 3, 7, 100_000])('in pieces of %i bytes', (size) => {
  test.each(answers)('%s', (_, text, body) => {
    expect(read(text, size).body.toString()).toBe(body)
  })
})

test('headers that matter are kept', () => {
  expect(
    read(
      'HTTP/1.1 401 No\r\nwww-authenticate: Digest a\r\nWWW-Authenticate:Basic b\r\nLocation: /x\r\nContent-Type: text/xml\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n',
    ),
  ).toMatchObject({
    status: 401,
    challenges: ['Digest a', 'Basic b'],
    location: '/x',
    contentType: 'text/xml',
    keepAlive: false,
  })
})

test.each([
  [
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello',
    'malformed',
    'the camera closed the connection inside the body',
  ],
  ['HTTP/1.1 200 OK\r\nContent-', 'malformed', 'the camera closed the connection inside the headers'],
  ['', 'reset', 'the camera closed the connection without an answer'],
  ['SSH-2.0-dropbear\r\n', 'malformed', 'the answer is not HTTP'],
  ['HTTP/2 200\r\n\r\n', 'malformed', 'the answer is not HTTP'],
  ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', 'malformed', 'Content-Length is -1'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 'malformed', 'Content-Length is 2'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 'malformed', 'a chunk size is zz'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n', 'too-large', 'a body of 1001 bytes, more than 1000'],
  [`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1001)}`, 'too-large', 'a body of more than 1000 bytes'],
  [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n'.padEnd(2_000, 'x'),
    'too-large',
    'a body of more than 1000 bytes',
  ],
  [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(17_000)}`, 'too-large', 'headers of more than 16384 bytes'],
  [
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1'.repeat(2_000)}`,
    'malformed',
    'a chunk line of more than 1024 bytes',
  ],
])('%.60s is refused', (text, reason, message) => {
  expect(() => read(text, 512)).toThrow(expect.objectContaining({ reason, message }))
})

test('a GB2312 body is decoded, by header or by declaration', () => {
  const body = Buffer.from([0xba, 0xe2, 0xd1, 0xf4])
  expect(decodeBody({ body, contentType: 'text/xml; charset=gb2312' })).toBe('衡阳')
  const declared = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="GBK"?>'), body])
  expect(decodeBody({ body: declared, contentType: '' })).toContain('衡阳')
})
