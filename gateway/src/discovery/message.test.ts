import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { probeMessage, readMessage, readScopes } from './message.ts'

const fixture = (name: string) => readFileSync(new URL(`./fixtures/${name}.xml`, import.meta.url))

test('a match: endpoint in one spelling, every address, scopes', () => {
  expect(readMessage(fixture('hikvision-match'))).toEqual({
    kind: 'matches',
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
  expect(readMessage(fixture('printer-match'))).toEqual({ kind: 'matches', matches: [] })
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

test('a scope that is badly escaped is kept as it stands', () => {
  expect(
    readScopes(['onvif://www.onvif.org/name/100%', 'onvif://evil.org/name/x', 'onvif://www.onvif.org/location/']),
  ).toEqual({ name: '100%' })
})
