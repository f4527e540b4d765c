/** Each measured defect of node-onvif 0.1.7, shown on its own code and then on ours. */

import { createSocket, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createSystemClock, silentLog } from '@hub/platform'
import type AuthModule from 'node-onvif/lib/modules/http-auth.js'
import type DeviceModule from 'node-onvif/lib/modules/service-device.js'
import type SoapModule from 'node-onvif/lib/modules/soap.js'
import { expect, test, vi } from 'vitest'
import { createDiscovery } from '../discovery/index.ts'
import { readMessage } from '../discovery/message.ts'
import { commandsOf } from './commands.ts'
import { answerDigest, parseChallenges, pickDigest } from './digest.ts'
import { fakeCamera, fixture, ok, sessionWith, soap } from './fake-camera.ts'

const require = createRequire(import.meta.url)
/** node-onvif as it is published: a fresh copy, for ours has been given another transport. */
function published<T>(path: string): T {
  for (const key of Object.keys(require.cache)) if (key.includes('/node-onvif/')) delete require.cache[key]
  return require(`node-onvif/lib/${path}`) as T
}
const theirSoap = () => published<typeof SoapModule>('modules/soap.js')
const address = (port: number, protocol = 'http:') => ({
  protocol,
  hostname: '127.0.0.1',
  port: String(port),
  pathname: '/onvif/device_service',
})
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

  const answer = ok(soap('<GetDeviceInformationResponse/>'))
  const ours = [await digestCamera('a', answer), await digestCamera('b', answer)]
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
  await expect(
    theirSoap()
      ._request(address(9, 'https:'), '<x/>')
      .catch((error: NodeJS.ErrnoException) => error.code),
  ).resolves.toBe('ERR_INVALID_PROTOCOL')
  // Ours: connection.test.ts, "HTTPS".
})

test('SOAP calls know no HTTP Digest', async () => {
  const answer = (asked: { authorization: string | undefined }) =>
    asked.authorization ? ok(soap('<GetDeviceInformationResponse/>')) : fixture('hikvision-unauthorised')
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

test('non-ASCII passwords, and `&` in a user name', async () => {
  const Device = published<typeof DeviceModule>('modules/service-device.js')
  expect(() => new Device({ xaddr: 'http://127.0.0.1/', user: 'a', pass: '密码' })).toThrow(
    'must consist of ascii characters',
  )
  expect(theirSoap().createRequestSoap({ body: '', user: 'a&b', pass: 'x' })).toContain('<Username>a&b</Username>')
  // Ours: soap.test.ts, "names and passwords of any characters"; session.test.ts runs on such a pair.
})

test('the clock is asked with the credential', async () => {
  await using camera = await fakeCamera(() => fixture('hikvision-clock'))
  const Device = published<typeof DeviceModule>('modules/service-device.js')
  await new Device({ xaddr: `http://127.0.0.1:${camera.port}/`, user: 'admin', pass: 'x' }).getSystemDateAndTime()
  await sessionWith(camera, { credential: { user: 'admin', password: 'x' } }).readClock()
  expect(camera.asked.map((asked) => asked.body.includes('UsernameToken'))).toEqual([true, false])
})

type Discoverer = {
  startProbe(): Promise<unknown[]>
  _DISCOVERY_WAIT: number
  _DISCOVERY_INTERVAL: number
  _udp: Socket
  _PORT: number
  _MULTICAST_ADDRESS: string
}
const discoverer = (port: number): Discoverer =>
  Object.assign(published<Discoverer>('node-onvif.js'), {
    // Its own are 3 s and 150 ms.
    _DISCOVERY_WAIT: 200,
    _DISCOVERY_INTERVAL: 40,
    _PORT: port,
    _MULTICAST_ADDRESS: '127.0.0.1',
  })

test('two matches in one datagram', async () => {
  const datagram = readFileSync(new URL('../discovery/fixtures/two-matches.xml', import.meta.url))
  const alone = readFileSync(new URL('../discovery/fixtures/dahua-match.xml', import.meta.url))
  const device = createSocket('udp4')
  device.on('message', (_, from) => {
    for (const answer of [datagram, alone]) device.send(answer, from.port, from.address)
  })
  await new Promise<void>((resolve) => device.bind(0, '127.0.0.1', resolve))
  // It hears the one that came alone, and none of the two.
  expect(await discoverer(device.address().port).startProbe()).toHaveLength(1)
  device.close()
  const message = readMessage(datagram)
  expect(message.kind === 'matches' && message.matches.map((match) => match.endpoint)).toHaveLength(2)
})

test('two rounds at once: the second never ends', async () => {
  const port = 40_000 + (process.pid % 20_000)
  const matches = readFileSync(new URL('../discovery/fixtures/two-matches.xml', import.meta.url))
  const device = createSocket('udp4')
  device.on('message', (_, from) => device.send(matches, from.port, from.address))
  await new Promise<void>((resolve) => device.bind(port, '127.78.0.1', resolve))

  const their = Object.assign(discoverer(port), { _MULTICAST_ADDRESS: '127.78.0.1' })
  // Where it throws nobody can catch it: the first round closes the socket that the second still uses.
  const uncaught = vi.fn()
  process.on('uncaughtException', uncaught)
  const first = their.startProbe()
  const sockets = [their._udp]
  const second = their.startProbe()
  sockets.push(their._udp)
  const outcome = (round: Promise<unknown>) =>
    Promise.race([
      round.then(
        () => 'ended',
        () => 'ended',
      ),
      new Promise((resolve) => setTimeout(() => resolve('pending'), 4 * their._DISCOVERY_WAIT)),
    ])
  const outcomes = await Promise.all([outcome(first), outcome(second)])
  process.off('uncaughtException', uncaught)
  expect(outcomes).toContain('pending')
  for (const udp of sockets) {
    try {
      udp.close()
    } catch {} // the one that it closed by itself
  }

  const ours = createDiscovery({
    ...{ clock: createSystemClock(), log: silentLog, port, settleMs: 100, onFound: () => {} },
    config: {
      ...{ interfaces: ['127.0.0.1'], multicast: false, ranges: ['127.78.0.1/32'] },
      ...{ everySeconds: 60, allowLoopback: true, packetsPerSecond: 1_000 },
    },
  })
  await ours.start()
  const rounds = await Promise.all([ours.discoverNow(), ours.discoverNow()])
  expect(rounds).toEqual([{ found: 2 }, { found: 2 }])
  await ours.stop()
  device.close()
})
