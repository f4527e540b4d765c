import { expect, test } from 'vitest'
import { fixture, soap } from './fake-camera.ts'
import { glanceClock, readClock } from './read.ts'
import { envelope, readEnvelope, withToken } from './soap.ts'
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

test.each(['hikvision', 'dahua', 'axis', 'uniview'])(
  'a glance at the clock of %s sees what the reader reads',
  (vendor) => {
    const text = fixture(`${vendor}-clock`)
      .toString()
      .replaceAll(/\r\n[\da-f]+\r\n/g, '')
    const body = text.slice(text.indexOf('<?xml'), text.lastIndexOf('>') + 1)
    expect(glanceClock(Buffer.from(body))).toBe(vendor === 'uniview' ? undefined : readClock(readEnvelope(body).body))
  },
)
