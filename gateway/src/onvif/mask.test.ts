import { expect, test } from 'vitest'
import { maskOf } from './mask.ts'

const login = { user: 'admin', password: 'Cän&ary<"1' }
const mask = maskOf(login)

test.each([
  [
    'Authorization: Digest username="admin", response="0123abcd", nonce="n"\r\nHost: x',
    'Authorization: Digest ***\r\nHost: x',
  ],
  ['authorization:Basic YWRtaW46eA==', 'authorization:Basic ***'],
  [
    'WWW-Authenticate: Digest realm="r", nonce="a=b", opaque=xyz, qop="auth"',
    'WWW-Authenticate: Digest realm="r", nonce=***, opaque=***, qop="auth"',
  ],
  ['<Password Type="#PasswordDigest">AbC=</Password>', '<Password Type="#PasswordDigest">***</Password>'],
  [
    '<wsse:Nonce>q80=</wsse:Nonce><wsu:Created>2026-01-01T00:00:00Z</wsu:Created>',
    '<wsse:Nonce>***</wsse:Nonce><wsu:Created>***</wsu:Created>',
  ],
  ['<wsse:Password>cut of', '<wsse:Password>***'],
  [
    'rtsp://admin:x@10.0.0.1:554/1?user=a&password=b&channel=1',
    'rtsp://***@10.0.0.1:554/1?user=a&password=***&channel=1',
  ],
  ['&lt;Password Type="x"&gt;AbC=&lt;/Password&gt;', '&lt;Password Type="x"&gt;***&lt;/Password&gt;'],
  ['digest Ckr47J0e2viky5BHzzmh7lvtDhw= or 5f4dcc3b5aa765d61d8327deb882cf99', 'digest *** or ***'],
  [`as plain: ${login.password}`, 'as plain: ***'],
  ['as XML: Cän&amp;ary&lt;&quot;1', 'as XML: ***'],
  [`as base64: ${Buffer.from(login.password).toString('base64')}`, 'as base64: ***'],
  [`as basic: ${Buffer.from(`admin:${login.password}`).toString('base64')}`, 'as basic: ***'],
  ['half of XML: C&#228;n&amp;ary<"1', 'half of XML: ***'],
  ['as XML numbers: C&#xE4;n&#38;ary&#x3c;&#34;1', 'as XML numbers: ***'],
  ['as JSON: C\\u00e4n&ary<\\"1', 'as JSON: ***'],
  [`as URI: ${encodeURIComponent(login.password)}`, 'as URI: ***'],
])('%s', (text, shown) => {
  expect(mask(text)).toBe(shown)
})

test('what is no secret stays', () => {
  const text =
    'POST /onvif/device_service HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n<GetDeviceInformation/> <Model>DS-1</Model>'
  expect(mask(text)).toBe(text)
  expect(maskOf(undefined)(text)).toBe(text)
  expect(maskOf({ user: 'admin', password: 'P' })(text)).toBe(text)
})
