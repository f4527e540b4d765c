import { expect, test } from 'vitest'
import { streamAddress } from './stream-address.ts'

const reached = { host: '10.0.0.5', port: 8081 }
test.each<[string, string, string, boolean]>([
  ['its own host', 'rtsp://10.0.0.5:554/ch1?a=1&b=2', 'rtsp://10.0.0.5:554/ch1?a=1&b=2', false],
  ['another host', 'rtsp://192.168.1.64:8554/ch1?a=1&b=2', 'rtsp://10.0.0.5:8554/ch1?a=1&b=2', true],
  ['another host and no port', 'rtsp://192.168.1.64/ch1', 'rtsp://10.0.0.5/ch1', true],
  ['another host, and the port of its services', 'rtsp://192.168.1.64:80/ch1', 'rtsp://10.0.0.5:8081/ch1', true],
  ['the port of its services at its own host', 'rtsp://10.0.0.5:80/ch1', 'rtsp://10.0.0.5:80/ch1', false],
  ['a name', 'rtsp://camera.local/ch1', 'rtsp://10.0.0.5/ch1', true],
  ['a link-local address', 'rtsp://[fe80::1]:554/ch1', 'rtsp://10.0.0.5:554/ch1', true],
  ['a login', 'rtsp://user:secret@10.0.0.5/ch1', 'rtsp://10.0.0.5/ch1', false],
])('a stream address with %s', (_, stated, uri, foreign) => {
  expect(streamAddress(stated, reached, { host: '192.168.1.64', port: 80 })).toEqual({ uri, foreign })
})

test('a camera at an IPv6 address', () => {
  const at = { host: 'fd00::5', port: 80 }
  expect(streamAddress('rtsp://10.0.0.9/1', at).uri).toBe('rtsp://[fd00::5]/1')
  expect(streamAddress('rtsp://[fd00::5]/1', at)).toEqual({ uri: 'rtsp://[fd00::5]/1', foreign: false })
})

test.each([['http://10.0.0.5/snapshot'], ['/ch1'], ['rtsp//10.0.0.5/ch1'], [`rtsp://10.0.0.5/${'长'.repeat(200)}`]])(
  '%.40s is no stream address, which is not the same as none',
  (stated) => {
    expect(() => streamAddress(stated, reached)).toThrow(
      expect.objectContaining({ rung: 'describes', reason: 'malformed' }),
    )
  },
)
