import { readdirSync, readFileSync } from 'node:fs'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { generateFleet } from '../fleet/generate.ts'
import { answerSoap } from './answer.ts'
import { type Camera, createCamera } from './camera.ts'
import { createHttpReader, type HttpRequest } from './http-wire.ts'
import { ns } from './namespaces.ts'
import { plain } from './profiles/profile.ts'
import { passwordDigest } from './token.ts'
import { readXml, textAt } from './xml.ts'

const fleet = generateFleet({ seed: 7, cameras: 40, sensors: 0 })
const ports = { http: 8000, https: 8443, rtsp: 8554, discovery: 3702 }
const ptzCamera = () => createCamera(fleet.cameras.find((c) => c.ptz)!, plain, fleet.login)
const fixedCamera = () => createCamera(fleet.cameras.find((c) => !c.ptz)!, plain, fleet.login)
const now = Date.UTC(2026, 0, 2, 3, 4, 5)

const say = (camera: Camera, text: string, at: number) => {
  const { status, body } = answerSoap(camera, ports, { text, authorization: undefined }, at, () => false)
  return { status, body: body.toString() }
}

function request(
  namespace: string,
  name: string,
  inner = '',
  { at = now, password = fleet.login.password } = {},
): string {
  const created = new Date(at).toISOString()
  const nonce = 'AAECAwQFBgcICQoLDA0ODw=='
  return `<s:Envelope xmlns:s="${ns.soap}"><s:Header><w:Security xmlns:w="${ns.security}"><w:UsernameToken><w:Username>admin</w:Username><w:Password Type="x#PasswordDigest">${passwordDigest(nonce, created, password)}</w:Password><w:Nonce>${nonce}</w:Nonce><Created>${created}</Created></w:UsernameToken></w:Security></s:Header><s:Body><${name} xmlns="${namespace}">${inner}</${name}></s:Body></s:Envelope>`
}
const bare = (namespace: string, name: string) =>
  `<s:Envelope xmlns:s="${ns.soap}"><s:Body><${name} xmlns="${namespace}"/></s:Body></s:Envelope>`

describe('recorded requests of other clients', () => {
  const folder = new URL('../../examples/', import.meta.url)
  const files = readdirSync(folder).filter((name) => name.endsWith('.http'))
  it.each(files)('%s is understood', (name) => {
    const [parsed] = createHttpReader(() => {})(readFileSync(new URL(name, folder))) as [HttpRequest]
    const text = parsed.body.toString()
    const created = /Created[^>]*>([^<]+)</.exec(text)?.[1]
    const at = created ? Date.parse(created) : now
    const operation = name.slice(name.lastIndexOf('-') + 1, -'.http'.length)
    const answer = say(ptzCamera(), text, at)
    expect(answer.status).toBe(200)
    expect(readXml(answer.body).children[0]!.children[0]!.name).toBe(`${operation}Response`)
    if (created && !operation.startsWith('GetSystem'))
      expect(say(ptzCamera(), text, at + 61_000).body).toContain('ter:NotAuthorized')
  })
})

describe('a simulated camera', () => {
  const operations: [string, string, string?][] = [
    [ns.device, 'GetSystemDateAndTime'],
    [ns.device, 'GetDeviceInformation'],
    [ns.device, 'GetCapabilities'],
    [ns.device, 'GetServices'],
    [ns.device, 'GetScopes'],
    [ns.device, 'GetHostname'],
    [ns.device, 'GetNetworkInterfaces'],
    [ns.media, 'GetProfiles'],
    [ns.media, 'GetStreamUri', '<ProfileToken>Profile_2</ProfileToken>'],
    [ns.media, 'GetSnapshotUri', '<ProfileToken>Profile_1</ProfileToken>'],
    [ns.media, 'GetVideoEncoderConfigurations'],
    [ns.ptz, 'GetNodes'],
    [ns.ptz, 'GetConfigurations'],
    [ns.ptz, 'GetPresets', '<ProfileToken>Profile_1</ProfileToken>'],
    [ns.ptz, 'GotoPreset', '<ProfileToken>Profile_1</ProfileToken><PresetToken>2</PresetToken>'],
    [ns.ptz, 'GetStatus', '<ProfileToken>Profile_1</ProfileToken>'],
    [ns.ptz, 'Stop', '<ProfileToken>Profile_1</ProfileToken>'],
  ]
  it.each(operations)('%s %s answers well-formed XML', (namespace, name, inner) => {
    const { status, body } = say(ptzCamera(), request(namespace, name, inner), now)
    expect(XMLValidator.validate(body)).toBe(true)
    expect(status).toBe(200)
    expect(readXml(body).children[0]!.children[0]).toMatchObject({ ns: namespace, name: `${name}Response` })
  })

  it('tells its own time without credentials', () => {
    const camera = ptzCamera()
    camera.clockOffsetMs = 3_600_000
    const root = readXml(say(camera, bare(ns.device, 'GetSystemDateAndTime'), now).body)
    const path = ['Body', 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime']
    expect(textAt(root, ...path, 'Time', 'Hour')).toBe('4')
    expect(textAt(root, ...path, 'Date', 'Day')).toBe('2')
  })
  it('refuses everything else without a token, as ter:NotAuthorized with 400', () => {
    const { status, body } = say(ptzCamera(), bare(ns.device, 'GetDeviceInformation'), now)
    expect(status).toBe(400)
    expect(body).toContain('<env:Value>env:Sender</env:Value><env:Subcode><env:Value>ter:NotAuthorized</env:Value>')
  })
  it('checks Created against its own clock', () => {
    const camera = ptzCamera()
    camera.clockOffsetMs = 3_600_000
    expect(say(camera, request(ns.media, 'GetProfiles'), now).status).toBe(400)
    const corrected = request(ns.media, 'GetProfiles', '', { at: now + 3_600_000 })
    expect(say(camera, corrected, now).status).toBe(200)
  })
  it.each([
    ['an unknown operation', request(ns.device, 'GetCoffee'), 500, 'ter:ActionNotSupported'],
    ['a name of Object', request(ns.device, 'constructor'), 500, 'ter:ActionNotSupported'],
    ['an unknown profile', request(ns.media, 'GetStreamUri', '<ProfileToken>P9</ProfileToken>'), 400, 'ter:NoProfile'],
    ['broken XML', '<s:Envelope', 400, 'ter:WellFormed'],
    ['a document type', '<!DOCTYPE a><a/>', 400, 'Well-formed Error: a document type is refused'],
    ['SOAP 1.1', `<s:Envelope xmlns:s="${ns.soap11}"><s:Body><a/></s:Body></s:Envelope>`, 500, 'env:VersionMismatch'],
    ['an empty body', `<s:Envelope xmlns:s="${ns.soap}"><s:Body/></s:Envelope>`, 400, 'no call in the body'],
  ])('answers %s with a fault', (_, text, status, contained) => {
    const answer = say(ptzCamera(), text, now)
    expect(answer.status).toBe(status)
    expect(answer.body).toContain(contained)
    expect(XMLValidator.validate(answer.body)).toBe(true)
  })

  it('goes to a preset, moves and stops', () => {
    const camera = ptzCamera()
    const call = (name: string, inner: string, at: number) =>
      say(camera, request(ns.ptz, name, `<ProfileToken>Profile_1</ProfileToken>${inner}`, { at }), at)
    call('GotoPreset', '<PresetToken>2</PresetToken>', now)
    // It takes its time.
    expect(call('GetStatus', '', now + 10).body).toContain('MOVING')
    const there = now + 1_000
    expect(call('GetStatus', '', there).body).toContain('<tt:PanTilt x="0.500" y="-0.100"/><tt:Zoom x="0.300"/>')
    expect(call('GetStatus', '', there).body).not.toContain('MOVING')
    call('ContinuousMove', '<Velocity><PanTilt x="-0.1" y="0"/></Velocity>', there)
    expect(call('GetStatus', '', there + 2_000).body).toContain('x="0.300" y="-0.100"')
    expect(call('GetStatus', '', there + 2_000).body).toContain('MOVING')
    call('Stop', '', there + 3_000)
    expect(call('GetStatus', '', there + 9_000).body).toContain('x="0.200" y="-0.100"')
    expect(call('GotoPreset', '<PresetToken>9</PresetToken>', now).body).toContain('ter:NoToken')
  })
  it('has no PTZ when it cannot move', () => {
    const camera = fixedCamera()
    const ask = (namespace: string, name: string) => say(camera, request(namespace, name), now).body
    expect(ask(ns.ptz, 'GetNodes')).toContain('ter:ActionNotSupported')
    expect(ask(ns.device, 'GetCapabilities')).not.toContain('PTZ')
    expect(ask(ns.media, 'GetProfiles')).not.toContain('PTZ')
  })
})
