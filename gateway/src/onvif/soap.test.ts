import { expect, test } from 'vitest'
import { fixture, soap } from './fake-camera.ts'
import { decodeBody, ResponseReader } from './http.ts'
import { readClock, readClockFast, readProfiles, readStreamUri } from './read.ts'
import { envelope, notSupported, readEnvelope, withToken } from './soap.ts'
import { parseXml, textAt } from './xml.ts'

const token = {
  user: 'user',
  password: 'userpassword',
  nonce: Buffer.from('LKqI6G/AikKCQrN0zqZFlg==', 'base64'),
  created: Date.UTC(2010, 8, 16, 7, 50, 45, 321),
}
const security = (text: string, name: string) => textAt(parseXml(text), 'Header', 'Security', 'UsernameToken', name)

test("the digest of the ONVIF Application Programmer's Guide 6.1.1.3", () => {
  const text = withToken(envelope('<x/>'), token)
  expect(security(text, 'Password')).toBe('tuOSpGlFlIXsozq4HFNeeGeFLEI=')
  expect(security(text, 'Created')).toBe('2010-09-16T07:50:45Z')
})

test('names and passwords of any characters', () => {
  const text = withToken(envelope('<x/>'), { ...token, user: '管理员&<$1>', password: "密码&<'$&", plain: true })
  expect(text).toMatch(/^[\x20-\x7e]+$/)
  expect(security(text, 'Username')).toBe('管理员&<$1>')
  expect(security(text, 'Password')).toBe("密码&<'$&")
})

test.each([
  ['<x/>', 'the root element is <x>, not Envelope'],
  ['<s:Envelope xmlns:s="u"><s:Header/></s:Envelope>', 'the envelope has no Body'],
])('%s is no envelope', (text, message) => {
  expect(() => readEnvelope(text)).toThrow(message)
})

test.each([
  [
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>wsse:FailedAuthentication</s:Value></s:Subcode></s:Code></s:Fault>',
    true,
  ],
  [
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text>Sender not authorized</s:Text></s:Reason></s:Fault>',
    true,
  ],
  [
    '<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>ter:Action</s:Value><s:Subcode><s:Value>ter:NoEntity</s:Value></s:Subcode></s:Subcode></s:Code></s:Fault>',
    false,
  ],
])('which faults refuse a credential', (body, unauthorised) => {
  expect(readEnvelope(soap(body)).fault?.unauthorised).toBe(unauthorised)
})

const faultSaying = (code: string, text: string) =>
  readEnvelope(
    soap(`<s:Fault><s:Code>${code}</s:Code><s:Reason><s:Text xml:lang="en">${text}</s:Text></s:Reason></s:Fault>`),
  ).fault!
test.each([
  // Axis P3818-PVE 11.9.60, EZVIZ DS-2DE2C400IG-W-W: under a second subcode.
  [
    '<s:Value>s:Receiver</s:Value><s:Subcode><s:Value>ter:ActionNotSupported</s:Value><s:Subcode><s:Value>ter:AudioNotSupported</s:Value></s:Subcode></s:Subcode>',
    'No audio support',
    true,
  ],
  // Reolink E1 Zoom v3.1.0.2649, TrackMix WiFi v3.0.0.5428, DVC DCN-BF5365: gSOAP's own words, HTTP 400.
  [
    '<s:Value>s:Sender</s:Value>',
    "Method 'tds:GetEndpointReference' not implemented: method name or namespace not recognized",
    true,
  ],
  // DVC DRN-3282R 1.4.6: the end of them alone.
  ['<s:Value>s:Sender</s:Value>', 'method name or namespace not recognized', true],
  // Axis P3818-PVE 11.9.60: no word at all.
  ['<s:Value>s:Sender</s:Value>', '', false],
  // Bosch FLEXIDOME IP starlight 8000i 7.70.0126: it knows the call.
  ['<s:Value>s:Receiver</s:Value><s:Subcode><s:Value>ter:Action</s:Value></s:Subcode>', 'Action Failed', false],
])('which faults say that a call is unknown: %s %s', (code, text, unknown) => {
  const fault = faultSaying(code, text)
  expect([notSupported(fault), fault.unauthorised]).toEqual([unknown, false])
})

test.each([
  ['hikvision', 'seen'],
  ['dahua', 'seen'],
  // In chunks, whose borders lie elsewhere.
  ['axis', 'seen'],
  // With attributes where others have none.
  ['gsoap10', 'left to the reader'],
  // With a comment.
  ['uniview', 'left to the reader'],
  ['anyka-no-utc', 'left to the reader'],
  ['dahua-unauthorised', 'left to the reader'],
])('the fast path to the clock of %s: %s', (vendor, seen) => {
  const bytes = fixture(vendor.includes('-') ? vendor : `${vendor}-clock`)
  const reader = new ResponseReader(65_536)
  const response = reader.feed(bytes) ?? reader.end()
  const read = () => readClock(readEnvelope(decodeBody(response)).body)
  expect(readClockFast(bytes)).toBe(seen === 'seen' ? read() : undefined)
})

const clockBytes = fixture('dahua-clock').toString()
test.each([
  ['another status', clockBytes.replace('200 OK', '500 Oh')],
  ['another protocol', clockBytes.replace('HTTP/1.1', 'RTSP/1.0')],
  ['a part of the answer', clockBytes.slice(0, -20)],
  ['a DOCTYPE', clockBytes.replace('<s:Envelope', '<!DOCTYPE x><s:Envelope')],
  ['another answer', clockBytes.replaceAll('GetSystemDateAndTimeResponse', 'GetHostnameResponse')],
  ['no hour', clockBytes.replaceAll(':Hour>', ':Hours>')],
  ['an empty hour', clockBytes.replace('Hour>5<', 'Hour><')],
  ['an hour of letters', clockBytes.replace('Hour>5<', 'Hour>V<')],
  ['an hour of five digits', clockBytes.replace('Hour>5<', 'Hour>00005<')],
  ['a thirteenth month', clockBytes.replace('Month>7<', 'Month>13<')],
  [
    'a date that is of the local time',
    clockBytes.replace('</tt:Time><tt:Date>', '</tt:Time></tt:UTCDateTime><tt:Date>'),
  ],
])('the fast path leaves %s to the full reader', (_, text) => {
  expect(text).not.toBe(clockBytes)
  expect(readClockFast(Buffer.from(text))).toBeUndefined()
})

// EZVIZ DS-2DE2C400IG-W-W V5.3.8: its version 2 says H265 of both.
test('a codec that media version 1 has no word for', () => {
  const profile = (attribute: string) =>
    `<trt:Profiles token="P"><tt:VideoEncoderConfiguration token="V"${attribute}><tt:Encoding>H264</tt:Encoding></tt:VideoEncoderConfiguration ></trt:Profiles>`
  const answer = soap(
    `<trt:GetProfilesResponse>${profile(' encoding="H265"')}${profile('')}${profile(' encoding=""')}</trt:GetProfilesResponse>`,
  )
  expect(readProfiles(readEnvelope(answer).body).map(({ codec }) => codec)).toEqual(['H265', 'H264', 'H264'])
})

test.each([
  ['<MediaUri><Uri>rtsp://10.9.9.9:554/1</Uri></MediaUri>', 'rtsp://10.9.9.9:554/1'],
  // As media version 2 has it: mickeyzzc/onvif-go met it in version 1.
  ['<Uri>rtsp://10.9.9.9:8554/h264_pcm</Uri>', 'rtsp://10.9.9.9:8554/h264_pcm'],
  ['<MediaUri><Uri></Uri></MediaUri>', undefined],
])('a stream address %s', (inner, uri) => {
  expect(readStreamUri(readEnvelope(soap(`<GetStreamUriResponse>${inner}</GetStreamUriResponse>`)).body)).toBe(uri)
})

const bytes = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
test.each([
  [
    'UTF-8 behind a mark under a declaration of GB 2312',
    bytes('\uFEFF<?xml encoding="GB2312"?><a>衡阳</a>'),
    'text/xml; charset=gb2312',
  ],
  [
    'UTF-16 little-endian behind a mark',
    bytes(Buffer.from('\uFEFF<?xml encoding="UTF-8"?><a>衡阳</a>', 'utf16le')),
    '',
  ],
  ['UTF-16 big-endian behind a mark', Buffer.from('\uFEFF<a>衡阳</a>', 'utf16le').swap16(), ''],
  ['GB 2312 as declared', bytes('<?xml encoding="gb2312"?><a>', Buffer.from('bae2d1f4', 'hex'), '</a>'), ''],
  ['GB 2312 by the header alone', bytes('<a>', Buffer.from('bae2d1f4', 'hex'), '</a>'), 'text/xml; charset="GBK"'],
])('%s', (_, body, contentType) => {
  expect(parseXml(decodeBody({ body, contentType })).text).toBe('衡阳')
})

const dateAnswer = (time: string, date: string) =>
  readEnvelope(
    soap(
      `<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time>${time}</Time><Date>${date}</Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>`,
    ),
  ).body
const time = (h: unknown, m: unknown, s: unknown) => `<Hour>${h}</Hour><Minute>${m}</Minute><Second>${s}</Second>`
const date = (y: unknown, m: unknown, d: unknown) => `<Year>${y}</Year><Month>${m}</Month><Day>${d}</Day>`
test.each([
  ['a thirteenth month', time(1, 2, 3), date(2026, 13, 1)],
  ['the hour 25', time(25, 2, 3), date(2026, 1, 1)],
  ['the 30th of February', time(1, 2, 3), date(2024, 2, 30)],
  ['the 29th of February of a common year', time(1, 2, 3), date(2100, 2, 29)],
  ['the day 0', time(1, 2, 3), date(2026, 1, 0)],
  ['the year 0', time(1, 2, 3), date(0, 1, 1)],
  ['a year of two digits', time(1, 2, 3), date(26, 1, 1)],
  ['letters', time('x', 2, 3), date(2026, 1, 1)],
  ['a negative hour', time(-1, 2, 3), date(2026, 1, 1)],
  ['no fields', '', ''],
])('a clock with %s is not known, and the camera is there', (_, t, d) => {
  expect(readClock(dateAnswer(t, d))).toBeNull()
})
test('a leap day and a leap second are times', () => {
  expect(readClock(dateAnswer(time(23, 59, 60), date(2024, 2, 29)))).toBe(Date.UTC(2024, 2, 1) + 500)
})
