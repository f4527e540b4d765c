/** Each measured defect of node-onvif 0.1.7, shown on its own code and then on ours. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSystemClock, silentLog } from '@hub/platform'
import type AuthModule from 'node-onvif/lib/modules/http-auth.js'
import type DeviceModule from 'node-onvif/lib/modules/service-device.js'
import type SoapModule from 'node-onvif/lib/modules/soap.js'
import { expect, test, vi } from 'vitest'
import { createEvents } from '../events/index.ts'
import { commandsOf } from './commands.ts'
import { answerDigest, parseChallenges, pickDigest } from './digest.ts'
import { type Asked, fakeCamera, fixture, ok, sessionWith, soap } from './fake-camera.ts'
import { published as publishedIn } from './published.ts'
import { parseXml, textAt } from './xml.ts'

const published = <T>(path: string): T => publishedIn<T>('node-onvif', path)
const theirSoap = () => published<typeof SoapModule>('modules/soap.js')
const address = (port: number) => ({
  protocol: 'http:',
  hostname: '127.0.0.1',
  port: String(port),
  pathname: '/onvif/device_service',
})
const information = ok(soap('<GetDeviceInformationResponse/>'))
/** Node's own client would use the connection again while it is being closed. */
const closing = 'Connection: close\r\n'
const hikvision = 'Digest qop="auth", realm="IP Camera(C6496)", nonce="4e6b4e44=="'

test('a challenge that begins with qop, and a nonce with `=`', () => {
  const auth = published<typeof AuthModule>('modules/http-auth.js')
  Object.assign(auth, { user: 'admin', pass: 'x', method: 'POST', path: '/' })
  const theirs = auth._createAuthReqHeaderValue(auth._parseAuthHeader(hikvision))
  expect(theirs).toContain('realm="undefined"')
  expect(theirs).toContain('qop=undefined')
  expect(auth._parseAuthHeader('Digest realm="r", nonce="a=b"').nonce).not.toBe('a=b')

  const challenge = pickDigest(parseChallenges([hikvision]))!
  const ours = answerDigest(challenge, {
    method: 'POST',
    uri: '/',
    user: 'admin',
    password: 'x',
    count: 1,
    cnonce: 'c',
  })
  expect(ours).toContain('realm="IP Camera(C6496)", nonce="4e6b4e44=="')
})

/** A camera that wants HTTP Digest with a nonce of its own, and counts whom it refused though a login was sent. */
async function digestCamera(nonce: string, body: string) {
  let refused = 0
  const camera = await fakeCamera(({ authorization = '' }) => {
    if (authorization.includes(`nonce="${nonce}"`)) return body
    if (authorization.startsWith('Digest')) refused++
    const challenge = `Digest realm="${nonce}", qop="auth", nonce="${nonce}", algorithm=MD5`
    return `HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nWWW-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`
  })
  return { camera, refused: () => refused }
}

type Snapshots = { current_profile: { snapshot: string }; fetchSnapshot(): Promise<unknown> }

test('one digest state shared by all cameras: of 50 pictures each of two cameras at once, half are refused', async () => {
  const picture = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: image/jpeg\r\nContent-Length: 1\r\n\r\nx'
  const theirs = [await digestCamera('a', picture), await digestCamera('b', picture)]
  const Device = published<new (params: object) => Snapshots>('modules/device.js')
  const devices = theirs.map(({ camera }) => {
    const xaddr = `http://127.0.0.1:${camera.port}/`
    return Object.assign(new Device({ xaddr, user: 'admin', pass: 'x' }), {
      current_profile: { snapshot: `${xaddr}snapshot` },
    })
  })
  const outcomes = { taken: 0, refused: 0 }
  for (let n = 0; n < 50; n++)
    for (const { status } of await Promise.allSettled(devices.map((device) => device.fetchSnapshot())))
      outcomes[status === 'fulfilled' ? 'taken' : 'refused']++
  expect(outcomes.refused).toBeGreaterThanOrEqual(40)
  expect(theirs[0]!.refused() + theirs[1]!.refused()).toBe(outcomes.refused)

  const ours = [await digestCamera('a', information), await digestCamera('b', information)]
  const sessions = ours.map(({ camera }) => sessionWith(camera, { credential: { user: 'admin', password: 'x' } }))
  for (let n = 0; n < 50; n++)
    await Promise.all(
      sessions.map((session) =>
        commandsOf(session)
          .deviceInformation()
          .finally(() => session.close()),
      ),
    )
  expect(ours.map(({ refused }) => refused())).toEqual([0, 0])
  for (const { camera } of [...theirs, ...ours]) await camera[Symbol.asyncDispose]()
})

test('HTTPS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'camera-'))
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const made = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=camera'.split(' ')
  execFileSync('openssl', ['req', ...made, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  await using camera = await fakeCamera(() => information, { key: readFileSync(key), cert: readFileSync(cert) })
  rmSync(folder, { recursive: true })
  const Device = published<typeof DeviceModule>('modules/service-device.js')
  const theirs = new Device({ xaddr: `https://127.0.0.1:${camera.port}/onvif/device_service` })
  await expect(theirs.getDeviceInformation()).rejects.toMatchObject({ code: 'ERR_INVALID_PROTOCOL' })
  await commandsOf(sessionWith(camera, { tls: true })).deviceInformation()
  expect(camera.asked).toHaveLength(1)
})

test('SOAP calls know no HTTP Digest', async () => {
  const answer = (asked: { authorization: string | undefined }) =>
    asked.authorization ? information : fixture('hikvision-unauthorised')
  await using camera = await fakeCamera(answer)
  await expect(theirSoap()._request(address(camera.port), '<x/>')).rejects.toThrow('401 Unauthorized')
  await commandsOf(sessionWith(camera, { credential: { user: 'a', password: 'b' } })).deviceInformation()
})

test('a body that drips for ever', async () => {
  const timers: NodeJS.Timeout[] = []
  await using camera = await fakeCamera(() => (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
    timers.push(setInterval(() => socket.write(' '), 10))
  })
  const their = theirSoap()
  their.HTTP_TIMEOUT = 200
  const theirs = their._request(address(camera.port), '<x/>').then(
    () => 'ended',
    () => 'ended',
  )
  await expect(sessionWith(camera, { limits: { deadlineMs: 60 } }).readClock()).rejects.toMatchObject({
    reason: 'timeout',
  })
  const pending = new Promise((resolve) => setTimeout(() => resolve('pending'), 3 * their.HTTP_TIMEOUT))
  expect(await Promise.race([theirs, pending])).toBe('pending')
  for (const timer of timers) clearInterval(timer)
})

/** What a camera checks of a login, on its own clock; it takes parsed XML for what it is. */
function tokenIsRight({ body }: Asked, { user, password }: { user: string; password: string }, now: number): boolean {
  const said = (name: string) => textAt(parseXml(body), 'Header', 'Security', 'UsernameToken', name) ?? ''
  const sha1 = createHash('sha1')
    .update(Buffer.from(said('Nonce'), 'base64'))
    .update(said('Created'))
    .update(password)
  const current = Math.abs(Date.parse(said('Created')) - now) < 5_000
  return said('Username') === user && said('Password') === sha1.digest('base64') && current
}

test('non-ASCII passwords, and `&` in a user name', async () => {
  const Device = published<typeof DeviceModule>('modules/service-device.js')
  expect(() => new Device({ xaddr: 'http://127.0.0.1/', user: 'a', pass: '密码' })).toThrow(
    'must consist of ascii characters',
  )
  const theirs = theirSoap().createRequestSoap({ body: '<x/>', user: 'a&b', pass: 'x' })
  expect(theirs).toContain('<Username>a&b</Username>')

  const credential = { user: 'a&b', password: '密码' }
  await using camera = await fakeCamera((asked) =>
    tokenIsRight(asked, credential, Date.now()) ? information : fixture('dahua-unauthorised'),
  )
  await commandsOf(sessionWith(camera, { credential })).deviceInformation()
  expect(camera.asked).toHaveLength(2)
})

test('the clock is asked with the credential', async () => {
  await using camera = await fakeCamera(() => fixture('hikvision-clock'))
  const Device = published<typeof DeviceModule>('modules/service-device.js')
  await new Device({ xaddr: `http://127.0.0.1:${camera.port}/`, user: 'admin', pass: 'x' }).getSystemDateAndTime()
  await sessionWith(camera, { credential: { user: 'admin', password: 'x' } }).readClock()
  expect(camera.asked.map((asked) => asked.body.includes('UsernameToken'))).toEqual([true, false])
})

const clockText = (at: number): string => {
  const d = new Date(at)
  const time = `<Hour>${d.getUTCHours()}</Hour><Minute>${d.getUTCMinutes()}</Minute><Second>${d.getUTCSeconds()}</Second>`
  const date = `<Year>${d.getUTCFullYear()}</Year><Month>${d.getUTCMonth() + 1}</Month><Day>${d.getUTCDate()}</Day>`
  return `<SystemDateAndTime><UTCDateTime><Time>${time}</Time><Date>${date}</Date></UTCDateTime></SystemDateAndTime>`
}

type Commissioned = {
  init(): Promise<unknown>
  services: { device: { getSystemDateAndTime(): Promise<unknown> }; ptz: { getPresets(of: object): Promise<unknown> } }
}

test('the clock is read once: a camera whose clock jumps refuses every call to its other services', async () => {
  const credential = { user: 'admin', password: 'x' }
  let skew = -3_600_000
  const answers = (at: string): Record<string, string> => ({
    GetSystemDateAndTime: clockText(Date.now() + skew),
    GetCapabilities: `<Capabilities><Media><XAddr>http://${at}/media</XAddr></Media><PTZ><XAddr>http://${at}/ptz</XAddr></PTZ></Capabilities>`,
    GetDeviceInformation: '<Model>x</Model>',
    GetProfiles: '<Profiles token="1"><Name>x</Name></Profiles>',
    GetStreamUri: '<MediaUri><Uri>rtsp://127.0.0.1/</Uri></MediaUri>',
    GetSnapshotUri: '<MediaUri><Uri>http://127.0.0.1/</Uri></MediaUri>',
    GetPresets: '<Preset token="1"/>',
  })
  await using camera = await fakeCamera((asked) => {
    const name = /<(?:\w+:)?(Get\w+)/.exec(asked.body)![1]!
    const open = name === 'GetSystemDateAndTime' || tokenIsRight(asked, credential, Date.now() + skew)
    if (!open) return fixture('dahua-unauthorised')
    const said = answers(`127.0.0.1:${camera.port}`)[name]
    return ok(soap(`<${name}Response>${said}</${name}Response>`), closing)
  })
  const xaddr = `http://127.0.0.1:${camera.port}/onvif/device_service`
  const Device = published<new (params: object) => Commissioned>('modules/device.js')
  const theirs = new Device({ xaddr, user: credential.user, pass: credential.password })
  const ours = sessionWith(camera, { credential })
  const theirPresets = () => theirs.services.ptz.getPresets({ ProfileToken: '1' })
  const ourPresets = () => commandsOf(ours).presets('/ptz', '1')
  await theirs.init()
  await ours.readClock()
  await Promise.all([theirPresets(), ourPresets()])

  skew = 7_200_000
  // Theirs keeps the new offset in the module that asked.
  await theirs.services.device.getSystemDateAndTime()
  await expect(theirPresets()).rejects.toThrow('not Authorized')
  await ours.readClock()
  await ourPresets()
})

test('events: it asks what there could be, and has no call to hear of any', async () => {
  const Events = published<{ prototype: object }>('modules/service-events.js')
  const calls = Object.keys(Events.prototype).filter((name) => !name.startsWith('_'))
  expect(calls).toEqual(['setAuth', 'getEventProperties'])

  const motion =
    '<NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic><Message><Message UtcTime="2026-01-01T00:00:00Z" PropertyOperation="Changed"><Source/><Data><SimpleItem Name="State" Value="true"/></Data></Message></Message></NotificationMessage>'
  const answers: Record<string, string> = {
    GetCapabilities: '<Capabilities><Events><XAddr>http://127.0.0.1/events</XAddr></Events></Capabilities>',
    CreatePullPointSubscription: '<SubscriptionReference><Address>http://127.0.0.1/1</Address></SubscriptionReference>',
    PullMessages: motion,
  }
  await using camera = await fakeCamera(({ body }) => {
    const name = /<s:Body><(\w+)/.exec(body)![1]!
    return ok(soap(`<${name}Response>${answers[name] ?? ''}</${name}Response>`))
  })
  const session = sessionWith(camera)
  const emit = vi.fn(async () => {})
  const events = createEvents({
    clock: createSystemClock(),
    log: silentLog,
    config: { enabled: true, maxSubscriptions: 1 },
    emit,
    openSession: (_, limits) => session.secondSession(limits),
  })
  const id = '43040500001320000001'
  const xaddr = `http://127.0.0.1:${camera.port}/onvif/device_service`
  events.apply({ put: [{ kind: 'camera', id, xaddr, credential: 'main', every: 30_000 }], drop: [] })
  events.ready(id)
  await vi.waitFor(() => expect(emit).toHaveBeenCalled(), 20_000)
  await events.stop()
  expect(emit.mock.lastCall).toMatchObject([{ device: id, kind: 'event', event: { topic: 'motion', active: true } }])
})
