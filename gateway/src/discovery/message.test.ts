import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { probeMessage, readMessage, readScopes } from './message.ts'

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.xml`, import.meta.url))

test('a match: endpoint in one spelling, every address, scopes', () => {
  expect(readMessage(fixture('hikvision-match'))).toEqual({
    kind: 'matches',
    relatesTo: expect.anything(),
    matches: [
      {
        endpoint: 'urn:uuid:ef7a28dc-1dd1-11b2-8199-8ce748e18e8a',
        xaddrs: ['http://192.168.1.64/onvif/device_service', 'http://[fe80::1a68:cbff:fe01:2]/onvif/device_service'],
        scopes: expect.arrayContaining(['onvif://www.onvif.org/location/city/hangzhou']),
      },
    ],
  })
})

test('a default namespace, a bare uuid, a Chinese name and a project', () => {
  const message = readMessage(fixture('dahua-match'))
  const [match] = message.kind === 'matches' ? message.matches : []
  expect(match?.endpoint).toBe('urn:uuid:00010010-0001-1020-8000-3ce36b000102')
  expect(readScopes(match!.scopes)).toEqual({
    name: '衡阳球机',
    hardware: 'IPC-HFW1230S',
    location: 'country/china',
    project: 'hengyang-sims',
  })
})

// DVC DRN-3282R 1.4.6 (blanks everywhere, an element of its own), EZVIZ DS-2DE2C400IG-W-W V5.3.8 (http and https), Reolink E1 Zoom
// v3.1.0.2649 (two names), Bosch FLEXIDOME 8000i 7.70 (a location that says nothing).
test('blanks, an address of each scheme, two names, an empty location', () => {
  const message = readMessage(fixture('dvc-match'))
  const [match] = message.kind === 'matches' ? message.matches : []
  expect(match).toMatchObject({
    endpoint: 'urn:uuid:7b1d2a00-5b3c-4c1e-9d2f-000000000001',
    xaddrs: ['http://192.168.1.70:80/onvif/device_service', 'https://192.168.1.70/onvif/device_service'],
  })
  expect(readScopes(match!.scopes)).toEqual({ name: 'IPC-BO', hardware: 'DRN-1' })
})

test('two matches in one datagram', () => {
  expect(readMessage(fixture('two-matches'))).toMatchObject({
    matches: [{}, { endpoint: 'urn:uuid:11111111-1dd1-11b2-8199-8ce748e18e8a' }],
  })
})

test('Hello, Bye, somebody else', () => {
  expect(readMessage(fixture('axis-hello'))).toMatchObject({
    kind: 'hello',
    matches: [{ xaddrs: ['http://192.168.1.90/onvif/device_service'] }],
  })
  expect(readMessage(fixture('axis-bye'))).toEqual({
    kind: 'bye',
    endpoints: ['urn:uuid:5581ad80-95b0-11e0-b883-accc8e494578'],
  })
  expect(readMessage(fixture('printer-match'))).toMatchObject({ kind: 'matches', matches: [] })
  expect(readMessage(Buffer.from(probeMessage('x')))).toEqual({ kind: 'other' })
})

test.each([
  ['<!DOCTYPE x><a/>', 'DOCTYPE is refused at 0'],
  ['\0\u0001binary', 'text outside the root element at 0'],
  ['', 'the answer holds no XML element'],
])('%j is refused', (text, message) => {
  expect(() => readMessage(Buffer.from(text))).toThrow(message)
})

test('MAC and serial are read from the scopes in which some makers put them', () => {
  const base = 'onvif://www.onvif.org'
  expect(readScopes([`${base}/MAC/44:19:b6:12:34:56`, `${base}/serial/DS-2CD1234%2F5`])).toEqual({
    mac: '44:19:b6:12:34:56',
    serial: 'DS-2CD1234/5',
  })
  expect(readScopes([`${base}/mac/4419b6123456`, `${base}/Serial/`, `${base}/macro/x`])).toEqual({
    mac: '4419b6123456',
  })
})

const base = 'onvif://www.onvif.org'
const scopesIn = (text: string) => {
  const message = readMessage(
    Buffer.from(
      `<E><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>a</Address></EndpointReference><Scopes>${text}</Scopes></ProbeMatch></ProbeMatches></Body></E>`,
    ),
  )
  return message.kind === 'matches' ? readScopes(message.matches[0]!.scopes) : undefined
}

test.each([
  [
    'blanks in a name, and the code behind them',
    `${base}/name/CAMERA 1 43040500001310000001 ${base}/hardware/X`,
    'CAMERA 1 43040500001310000001',
  ],
  ['lines and tabs in a name', `${base}/type/ptz\n${base}/name/A\n\tB`, 'A B'],
  ['GB 18030 escapes', `${base}/name/%BA%E2%D1%F4%C7%F2%BB%FA`, '衡阳球机'],
  ['escapes of both kinds, each run by itself', `${base}/name/%BA%E2%D1%F4-%E7%90%83%E6%9C%BA`, '衡阳-球机'],
  ['a bare percent sign beside escapes', `${base}/name/100%-%E8%A1%A1`, '100%-衡'],
  ['GBK that happens to be valid UTF-8', `${base}/name/%CD%A8%D1%A7%C2%B7`, '通学路'],
  ['GBK that happens to be, run by run', `${base}/name/%CD%A8-%D1%A7%C2%B7 3%C2%B7`, '通-学路 3路'],
  ['UTF-8 of two bytes', `${base}/name/M%C3%BCller 25%C2%B0 10k%CE%A9`, 'Müller 25° 10kΩ'],
  ['a byte of GBK left as the letter that it is', `${base}/name/%E9F%B7%BD`, '镕方'],
  ['such a byte, and one that is cut off', `${base}/name/%E9F%B7`, '镕%B7'],
  ['a letter of another charset', `${base}/name/Andr%E9s`, 'Andr%E9s'],
  ['a run that is neither', `${base}/name/%FF%FF-%E8%A1%A1`, '%FF%FF-衡'],
  ['a scheme in other letters begins the next', `${base}/name/A HTTP://x.y/z`, 'A'],
])('a scope with %s', (_, text, name) => {
  expect(scopesIn(text)?.name).toBe(name)
})

test('a name without end is cut, and the scopes after it are read', () => {
  const found = scopesIn(`${base}/name/${'A '.repeat(20_000)} ${base}/hardware/X`)
  expect([found?.name?.length, found?.hardware]).toEqual([128, 'X'])
})

test('a datagram in GB 2312, or in UTF-8 behind a byte-order mark that is declared otherwise', () => {
  const text = (declared: string, name: string) =>
    `<?xml version="1.0" encoding="${declared}"?><E><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>a</Address></EndpointReference><Scopes>${base}/name/${name}</Scopes></ProbeMatch></ProbeMatches></Body></E>`
  const name = (bytes: Buffer) => {
    const message = readMessage(bytes)
    return message.kind === 'matches' && readScopes(message.matches[0]!.scopes).name
  }
  const [head, tail] = text('GB2312', '|').split('|') as [string, string]
  expect(name(Buffer.concat([Buffer.from(head), Buffer.from('bae2d1f4', 'hex'), Buffer.from(tail)]))).toBe('衡阳')
  expect(name(Buffer.from(`\uFEFF${text('GB2312', '衡阳')}`))).toBe('衡阳')
})

test.each(['urn:uuid:ABC-1', 'uuid:abc-1', 'abc-1'])('what a match answers, written %s', (id) => {
  const text = `<E><Header><RelatesTo>${id}</RelatesTo></Header><Body><ProbeMatches/></Body></E>`
  expect(readMessage(Buffer.from(text))).toMatchObject({ relatesTo: 'abc-1' })
})

test('a scope that is badly escaped is kept as it stands', () => {
  expect(
    readScopes(['onvif://www.onvif.org/name/100%', 'onvif://evil.org/name/x', 'onvif://www.onvif.org/location/']),
  ).toEqual({ name: '100%' })
})
