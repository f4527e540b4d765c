import { createHash } from 'node:crypto'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../clock.ts'
import { createFaults } from '../../faults/faults.ts'
import { rebootBySchedule } from '../../faults/reboots.ts'
import { createTruthLog } from '../../faults/truth.ts'
import { generateFleet } from '../../fleet/generate.ts'
import { answerSoap } from '../answer.ts'
import { type Camera, createCamera } from '../camera.ts'
import { probeMatches } from '../discovery-message.ts'
import { writeAnswer } from '../http-wire.ts'
import { ns } from '../namespaces.ts'
import { passwordDigest } from '../token.ts'
import { child, readXml, textAt } from '../xml.ts'
import { profileNamed, quirkNames } from './index.ts'

const fleet = generateFleet({ seed: 5, cameras: 40, sensors: 0 })
const spec = fleet.cameras.find((c) => c.ptz)!
const { user, password } = fleet.login
const ports = { http: 8000, https: 8443, rtsp: 8554, discovery: 3702 }
const now = Date.UTC(2026, 4, 6, 7, 8, 9)
const make = (name: string): Camera => createCamera(spec, profileNamed(name), fleet.login)

type Login = { at?: number; secret?: string; text?: boolean; authorization?: string }
const action = 'application/soap+xml; charset=utf-8; action="urn:x"'
function ask(camera: Camera, namespace: string, name: string, inner = '', login?: Login) {
  const { at = now, secret = password, text = false, authorization } = login ?? {}
  const created = new Date(at).toISOString()
  const nonce = Buffer.from(`${name}${at}`).toString('base64')
  const word = text ? secret : passwordDigest(nonce, created, secret)
  const token =
    login && !authorization
      ? `<s:Header><w:Security xmlns:w="${ns.security}"><w:UsernameToken><w:Username>${user}</w:Username><w:Password Type="x#Password${text ? 'Text' : 'Digest'}">${word}</w:Password><w:Nonce>${nonce}</w:Nonce><Created>${created}</Created></w:UsernameToken></w:Security></s:Header>`
      : ''
  const body = `<s:Envelope xmlns:s="${ns.soap}">${token}<s:Body><${name} xmlns="${namespace}">${inner}</${name}></s:Body></s:Envelope>`
  const answer = answerSoap(camera, ports, { text: body, authorization }, now, () => false)
  return { ...answer, bytes: Buffer.from(answer.body as string), body: answer.body.toString() }
}
const information = (camera: Camera, login?: Login) => ask(camera, ns.device, 'GetDeviceInformation', '', login).status

const envelopeOf = (name: string) =>
  `<s:Envelope xmlns:s="${ns.soap}"><s:Body><${name} xmlns="${ns.device}"/></s:Body></s:Envelope>`

/** A client's answer to a Digest challenge. */
function digest(challenge: string, algorithm: 'md5' | 'sha256', count = 1): string {
  const h = (s: string) => createHash(algorithm).update(s).digest('hex')
  const nonce = /nonce="([^"]+)"/.exec(challenge)![1]!
  const uri = '/onvif/device_service'
  const nc = `0000000${count}`
  const response = h(`${h(`${user}:HengyangSims:${password}`)}:${nonce}:${nc}:c:auth:${h(`POST:${uri}`)}`)
  return `Digest username="${user}", realm="HengyangSims", nonce="${nonce}", uri="${uri}", qop=auth, nc=${nc}, cnonce="c", response="${response}"`
}

it('there are at least twelve quirks', () => expect(quirkNames.length).toBeGreaterThanOrEqual(12))

describe('each quirk shows', () => {
  it.each([
    ['digest-only', 'md5', '=='],
    ['digest-sha256', 'sha256', ''],
  ] as const)('%s takes HTTP Digest and no token', (name, algorithm, tail) => {
    const camera = make(name)
    const first = ask(camera, ns.device, 'GetDeviceInformation', '', {})
    expect(first.status).toBe(401)
    const header = first.headers![0]!
    expect(header).toMatch(/^WWW-Authenticate: Digest qop="auth", realm=/)
    expect(header).toContain(`${tail}"`)
    expect(header.includes('algorithm=SHA-256')).toBe(algorithm === 'sha256')
    expect(information(camera, { authorization: digest(header, algorithm) })).toBe(200)
    expect(ask(camera, ns.device, 'GetSystemDateAndTime').status).toBe(200)
  })
  it('text-only refuses the digest', () => {
    expect(information(make('text-only'), {})).toBe(400)
    expect(information(make('text-only'), { text: true })).toBe(200)
  })
  it('skewed-clock tells eight hours more, and wants tokens by its own clock', () => {
    const camera = make('skewed-clock')
    const path = ['Body', 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime', 'Time', 'Hour']
    expect(textAt(readXml(ask(camera, ns.device, 'GetSystemDateAndTime').body), ...path)).toBe('15')
    expect(information(camera, {})).toBe(400)
    expect(information(camera, { at: now + 8 * 3_600_000 })).toBe(200)
    expect(information(camera, { at: now + 8 * 3_600_000 + 6_000 })).toBe(400)
  })
  it('time-needs-login', () => {
    expect(ask(make('time-needs-login'), ns.device, 'GetSystemDateAndTime').status).toBe(400)
    expect(ask(make('time-needs-login'), ns.device, 'GetSystemDateAndTime', '', {}).status).toBe(200)
    expect(ask(make('time-needs-login'), ns.device, 'GetCapabilities').status).toBe(200)
  })
  it('nat gives the address behind its router, everywhere', () => {
    const camera = make('nat')
    const inner = '<ProfileToken>Profile_1</ProfileToken>'
    expect(ask(camera, ns.device, 'GetCapabilities').body).toContain('http://192.168.1.64:8000/onvif/media_service')
    expect(ask(camera, ns.media, 'GetStreamUri', inner, {}).body).toContain('rtsp://192.168.1.64:8554/main')
    const probe = { messageId: 'uuid:1', types: [], scopes: [], matchBy: '' }
    expect(probeMatches(camera, ports, probe, { instance: 1, number: 1 }).toString()).toContain(
      '<d:XAddrs>http://192.168.1.64',
    )
  })
  it('two-matches puts two ProbeMatch elements in one packet', () => {
    const probe = { messageId: 'uuid:1', types: [], scopes: [], matchBy: '' }
    const root = readXml(probeMatches(make('two-matches'), ports, probe, { instance: 1, number: 1 }).toString())
    expect(child(child(root, 'Body'), 'ProbeMatches')!.children.map((m) => textAt(m, 'Types'))).toEqual([
      'tds:Device',
      'dn:NetworkVideoTransmitter',
    ])
  })
  it('odd-prefixes changes prefixes and nothing else', () => {
    const usual = ask(make('plain'), ns.media, 'GetProfiles', '', {}).body
    const odd = ask(make('odd-prefixes'), ns.media, 'GetProfiles', '', {}).body
    expect(odd).toContain('<SOAP-ENV:Body><ns2:GetProfilesResponse>')
    expect(odd).not.toMatch(/<\/?(env|tds|trt|tt|ter):/)
    const bare = (text: string) => JSON.stringify(readXml(text), (key, value) => (key === 'scope' ? undefined : value))
    expect(bare(odd)).toBe(bare(usual))
    const fault = ask(make('odd-prefixes'), ns.media, 'GetProfiles').body
    expect(fault).toContain('<SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value>')
    expect(fault).toContain('ns9:NotAuthorized')
  })
  it('bad-request answers unknown calls with a page', () => {
    expect(ask(make('bad-request'), ns.device, 'GetCoffee')).toMatchObject({ status: 400, type: 'text/html' })
    expect(ask(make('plain'), ns.device, 'GetCoffee').status).toBe(500)
  })
  it('gsoap says of unknown calls what gSOAP says', () => {
    const { status, body } = ask(make('gsoap'), ns.device, 'GetCoffee')
    expect(status).toBe(400)
    expect(body).toContain('GetCoffee&apos; not implemented: method name or namespace not recognized')
    expect(body).not.toContain('Subcode')
    expect(ask(make('gsoap'), ns.device, 'GetCapabilities').status).toBe(200)
  })
  it('denies-pull-points says that it has none, and gives one', () => {
    const camera = make('denies-pull-points')
    expect(ask(camera, ns.device, 'GetCapabilities').body).toContain('<tt:WSPullPointSupport>false<')
    expect(ask(camera, ns.events, 'GetServiceCapabilities').body).toContain('WSPullPointSupport="false"')
    expect(ask(camera, ns.events, 'CreatePullPointSubscription', '', {}).body).toContain('SubscriptionReference')
  })
  it('chunked and no-length frame the same body otherwise', () => {
    const body = ask(make('plain'), ns.media, 'GetProfiles', '', {}).body
    const chunked = writeAnswer({ status: 200, body }, true, make('chunked').profile.framing).toString()
    expect(chunked).toContain('Transfer-Encoding: chunked\r\n')
    expect(chunked).not.toContain('Content-Length')
    const closing = writeAnswer({ status: 200, body }, true, make('no-length').profile.framing).toString()
    expect(closing).toMatch(/Connection: close\r\n\r\n/)
    expect(closing).not.toMatch(/Content-Length|chunked/)
    expect(closing.endsWith(body)).toBe(true)
  })
  it('gb2312 writes names so that GB18030 reads them', () => {
    const { bytes, type } = ask(make('gb2312'), ns.ptz, 'GetPresets', '<ProfileToken>Profile_1</ProfileToken>', {})
    expect(type).toBe('application/soap+xml; charset=gb2312')
    const text = new TextDecoder('gb18030').decode(bytes)
    expect(text).toContain('<?xml version="1.0" encoding="GB2312"?>')
    expect(text).toContain('<tt:Name>路口东</tt:Name>')
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow()
  })
  it('no-ptz has a head that moves and no service for it', () => {
    const camera = make('no-ptz')
    expect(camera.spec.ptz).toBe(true)
    expect(ask(camera, ns.device, 'GetCapabilities').body).not.toContain('PTZ')
    expect(ask(camera, ns.ptz, 'GetNodes', '', {}).body).toContain('ter:ActionNotSupported')
  })
  it('media2-only knows no version 1', () => {
    const camera = make('media2-only')
    expect(ask(camera, ns.media, 'GetProfiles', '', {}).body).toContain('ter:ActionNotSupported')
    expect(ask(camera, ns.device, 'GetServices').body).toContain('/onvif/media2_service')
    expect(ask(camera, ns.device, 'GetCapabilities').body).not.toContain('Media')
    const { body } = ask(camera, ns.media2, 'GetStreamUri', '<ProfileToken>Profile_2</ProfileToken>', {})
    expect(textAt(readXml(body), 'Body', 'GetStreamUriResponse', 'Uri')).toBe(`rtsp://${spec.ipAddress}:8554/sub`)
    expect(XMLValidator.validate(ask(camera, ns.media2, 'GetProfiles', '', {}).body)).toBe(true)
    expect(ask(make('plain'), ns.media2, 'GetProfiles', '', {}).body).toContain('ter:ActionNotSupported')
  })
  it('tells-local-time tells eight hours more, and judges tokens by UTC', () => {
    const camera = make('tells-local-time')
    const path = ['Body', 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime', 'Time', 'Hour']
    expect(textAt(readXml(ask(camera, ns.device, 'GetSystemDateAndTime').body), ...path)).toBe('15')
    expect(information(camera, { at: now + 8 * 3_600_000 })).toBe(400)
    expect(information(camera, {})).toBe(200)
  })
  it('impossible-date and no-date tell no time', () => {
    const said = (name: string) => ask(make(name), ns.device, 'GetSystemDateAndTime').body
    expect(said('impossible-date')).toMatch(/<tt:Hour>25<.*<tt:Month>13</)
    expect(said('no-date')).not.toContain('DateTime>')
    for (const name of ['impossible-date', 'no-date']) expect(information(make(name), {})).toBe(200)
  })
  it('needs-action answers with nothing where none is named', () => {
    const call = { text: envelopeOf('GetSystemDateAndTime'), authorization: undefined }
    const said = (contentType: string) =>
      answerSoap(make('needs-action'), ports, { ...call, contentType }, now, () => false)
    expect(said('application/soap+xml')).toEqual({ status: 200, body: '' })
    expect(said(action).body.toString()).toContain('GetSystemDateAndTimeResponse')
  })
  it('marked-utf8 declares GB2312 and writes UTF-8 behind a mark', () => {
    const { bytes, type } = ask(make('marked-utf8'), ns.ptz, 'GetPresets', '<ProfileToken>Profile_1</ProfileToken>', {})
    expect(type).toContain('charset=gb2312')
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf')
    expect(bytes.toString()).toMatch(/encoding="GB2312".*路口东/s)
  })
  it('foreign-stream and raw-ampersand write their stream addresses so', () => {
    const uri = (name: string) =>
      /<tt:Uri>([^<]*)</.exec(
        ask(make(name), ns.media, 'GetStreamUri', '<ProfileToken>Profile_1</ProfileToken>', {}).body,
      )![1]
    expect(uri('foreign-stream')).toBe('rtsp://192.168.1.108:8554/main')
    expect(uri('raw-ampersand')).toBe(`rtsp://${spec.ipAddress}:8554/main?channel=1&subtype=0&unicast=true`)
  })
  it('nonce-once calls a nonce stale that comes again, and counts no wrong login for it', () => {
    const camera = make('nonce-once')
    const header = ask(camera, ns.device, 'GetDeviceInformation', '', {}).headers![0]!
    const first = digest(header, 'md5')
    expect(information(camera, { authorization: first })).toBe(200)
    for (let n = 0; n < 5; n++) {
      const again = ask(camera, ns.device, 'GetDeviceInformation', '', { authorization: digest(header, 'md5', 2) })
      expect([again.status, again.headers![0]]).toEqual([401, expect.stringContaining('stale=TRUE')])
    }
    expect(camera.wrongLogins).toBe(0)
  })
  it('blank-scopes writes its name as it stands', () => {
    const probe = { messageId: 'uuid:1', types: [], scopes: [], matchBy: '' }
    const said = probeMatches(make('blank-scopes'), ports, probe, { instance: 1, number: 1 }).toString()
    expect(said).toContain(`/name/CAMERA 1 100% ${spec.id} onvif:`)
  })
  it('cloned-endpoint and stray-matches announce themselves so', () => {
    const probe = { messageId: 'uuid:1', types: [], scopes: [], matchBy: '' }
    const said = (name: string) => probeMatches(make(name), ports, probe, { instance: 1, number: 1 }).toString()
    expect(said('cloned-endpoint')).toContain('<a:Address>urn:uuid:00000000-1111-4222-8333-444444444444<')
    expect(said('stray-matches')).not.toContain('RelatesTo>uuid:1<')
    expect(said('plain')).toContain('RelatesTo>uuid:1<')
  })
  it('attribute-bomb has 20,000 attributes in one element', () => {
    expect(ask(make('attribute-bomb'), ns.device, 'GetDeviceInformation', '', {}).body).toContain(' a19999="19999"')
  })
  it('https gives addresses of that scheme', () => {
    expect(ask(make('https'), ns.device, 'GetCapabilities').body).toContain(`https://${spec.ipAddress}:8443/onvif/`)
  })
  it('lockout refuses even the right password after three wrong ones, for half an hour', () => {
    const camera = make('lockout')
    for (let n = 0; n < 2; n++) expect(information(camera, { secret: 'wrong' })).toBe(400)
    expect(information(camera, {})).toBe(200)
    for (let n = 0; n < 3; n++) expect(information(camera, { secret: 'wrong' })).toBe(400)
    expect(information(camera, {})).toBe(400)
    camera.lockedUntil -= 1_800_000
    expect(information(camera, {})).toBe(200)
  })
  it('reboots lose power every ten minutes, and the ground truth says so', () => {
    const clock = manualClock(now)
    const truth = createTruthLog()
    const faults = createFaults([spec], clock, truth, { begin() {}, end() {} })
    const schedule = rebootBySchedule([make('reboots'), make('plain')], faults, clock)
    clock.moveTo(now + 3_600_000)
    schedule.stop()
    const began = truth.entries.filter((e) => e.phase === 'began').map((e) => e.at)
    expect(began).toHaveLength(6)
    expect(began[1]! - began[0]!).toBe(600_000)
    expect(truth.entries[1]!.at - truth.entries[0]!.at).toBe(30_000)
  })
})

describe('fleets with quirks', () => {
  it('have as many as asked, each kind in turn', () => {
    const { cameras } = generateFleet({ seed: 5, cameras: 400, sensors: 0, quirksPercent: 10 })
    const odd = cameras.filter((c) => c.profile !== 'plain').map((c) => c.profile)
    expect(odd).toHaveLength(40)
    expect(new Set(odd)).toEqual(new Set(quirkNames))
  })
})
