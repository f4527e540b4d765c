import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { generateFleet } from '../fleet/generate.ts'
import { createCamera } from './camera.ts'
import { bye, hello, matches, probeMatches, readProbe } from './discovery-message.ts'
import { ns } from './namespaces.ts'
import { plain } from './profiles/profile.ts'
import { readXml, textAt } from './xml.ts'

const fleet = generateFleet({ seed: 7, cameras: 12, sensors: 0 })
const camera = createCamera(fleet.cameras.find((c) => c.ptz)!, plain, fleet.login)
const fixed = createCamera(fleet.cameras.find((c) => !c.ptz)!, plain, fleet.login)
const ports = { http: 8000, https: 8443, rtsp: 8554, discovery: 3702 }
const recorded = (name: string) => readFileSync(new URL(`../../examples/${name}.xml`, import.meta.url), 'utf8')
const probe = (inner: string) =>
  `<e:Envelope xmlns:e="${ns.soap}" xmlns:w="${ns.addressing}" xmlns:d="${ns.discovery}" xmlns:dn="${ns.network}" xmlns:x="urn:x"><e:Header><w:MessageID>uuid:1</w:MessageID></e:Header><e:Body><d:Probe>${inner}</d:Probe></e:Body></e:Envelope>`

describe('Probes', () => {
  it.each([
    ['libonvif-1.4.4-Probe', true],
    ['node-onvif-0.1.7-Probe', true],
    ['node-onvif-0.1.7-Probe-Device', false],
    ['node-onvif-0.1.7-Probe-NetworkVideoDisplay', false],
    ['onvif-0.8.3-Probe', true],
  ])('%s, recorded, asks for a camera: %s', (name, asks) => {
    expect(matches(readProbe(recorded(name))!, camera)).toBe(asks)
  })
  it.each([
    ['', true],
    ['<d:Types>dn:NetworkVideoTransmitter</d:Types>', true],
    ['<d:Types>x:NetworkVideoTransmitter</d:Types>', false],
    ['<d:Types>NetworkVideoTransmitter</d:Types>', false],
    ['<d:Scopes>onvif://www.onvif.org/type</d:Scopes>', true],
    ['<d:Scopes>onvif://www.onvif.org/typ</d:Scopes>', false],
    ['<d:Scopes>ONVIF://WWW.onvif.org/type/ptz onvif://www.onvif.org/x-project/hengyang-sims</d:Scopes>', true],
    ['<d:Scopes>onvif://www.onvif.org/x-project/other</d:Scopes>', false],
    [`<d:Scopes MatchBy="${ns.discovery}/strcmp0">onvif://www.onvif.org/type</d:Scopes>`, false],
    ['<d:Scopes MatchBy="urn:strange">onvif://www.onvif.org/type/ptz</d:Scopes>', false],
  ])('%s matches: %s', (inner, expected) => {
    expect(matches(readProbe(probe(inner))!, camera)).toBe(expected)
  })
  it('matches PTZ scope only where the head moves', () => {
    const wanted = readProbe(probe('<d:Scopes>onvif://www.onvif.org/type/ptz</d:Scopes>'))!
    expect([matches(wanted, camera), matches(wanted, fixed)]).toEqual([true, false])
  })
  it.each([
    '',
    'Probe',
    '<Probe',
    probe('').replace('MessageID>uuid:1', 'MessageID>').replace('e:Body', 'e:Boy'),
    hello(camera, ports, { instance: 1, number: 1 }).toString(),
  ])('stays silent on what is no Probe', (text) => expect(readProbe(text)).toBeUndefined())
})

describe('what a camera says', () => {
  it('relates its match to the Probe and names its own endpoint and address', () => {
    const root = readXml(probeMatches(camera, ports, readProbe(probe(''))!, { instance: 5, number: 6 }).toString())
    expect(textAt(root, 'Header', 'RelatesTo')).toBe('uuid:1')
    const match = ['Body', 'ProbeMatches', 'ProbeMatch'] as const
    expect(textAt(root, ...match, 'EndpointReference', 'Address')).toBe(camera.spec.endpoint)
    expect(textAt(root, ...match, 'XAddrs')).toBe(`http://${camera.spec.ipAddress}:8000/onvif/device_service`)
    const scopes = textAt(root, ...match, 'Scopes')!.split(' ')
    expect(scopes).toContain('onvif://www.onvif.org/x-project/hengyang-sims')
    expect(decodeURIComponent(scopes.find((s) => s.includes('/name/'))!)).toContain(camera.spec.name)
  })
  it('says Bye with its endpoint alone', () => {
    const root = readXml(bye(camera, { instance: 5, number: 6 }).toString())
    expect(textAt(root, 'Header', 'Action')).toBe(`${ns.discovery}/Bye`)
    expect(textAt(root, 'Body', 'Bye', 'EndpointReference', 'Address')).toBe(camera.spec.endpoint)
  })
})
