/** Each measured defect of node-onvif 0.1.7, shown on its own code and then on ours. */

import { createSocket, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type AuthModule from 'node-onvif/lib/modules/http-auth.js'
import type DeviceModule from 'node-onvif/lib/modules/service-device.js'
import type SoapModule from 'node-onvif/lib/modules/soap.js'
import { expect, test, vi } from 'vitest'
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

test('one digest state shared by all cameras', () => {
  const auth = published<typeof AuthModule>('modules/http-auth.js')
  expect(published<typeof AuthModule>('modules/http-auth.js')).not.toBe(auth)
  expect(require('node-onvif/lib/modules/http-auth.js')).toBe(require('node-onvif/lib/modules/http-auth.js'))
  // Ours: session.test.ts, "each camera has its own nonce and count".
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
    timers.push(setInterval(() => socket.write(' '), 50))
  })
  const their = theirSoap()
  their.HTTP_TIMEOUT = 300
  const theirs = their._request(address(camera.port), '<x/>').then(
    () => 'ended',
    () => 'ended',
  )
  await expect(sessionWith(camera, { limits: { deadlineMs: 300 } }).readClock()).rejects.toMatchObject({
    reason: 'timeout',
  })
  const pending = new Promise((resolve) => setTimeout(() => resolve('pending'), 1_200))
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
  _udp: Socket
  _PORT: number
  _MULTICAST_ADDRESS: string
}
const discoverer = (port: number): Discoverer =>
  Object.assign(published<Discoverer>('node-onvif.js'), {
    _DISCOVERY_WAIT: 700,
    _PORT: port,
    _MULTICAST_ADDRESS: '127.0.0.1',
  })

test('two matches in one datagram', async () => {
  const datagram = readFileSync(new URL('../discovery/fixtures/two-matches.xml', import.meta.url))
  const device = createSocket('udp4')
  device.on('message', (_, from) => device.send(datagram, from.port, from.address))
  await new Promise<void>((resolve) => device.bind(0, '127.0.0.1', resolve))
  expect(await discoverer(device.address().port).startProbe()).toEqual([])
  device.close()
  const message = readMessage(datagram)
  expect(message.kind === 'matches' && message.matches.map((match) => match.endpoint)).toHaveLength(2)
})

test('two rounds at once', async () => {
  const their = discoverer(9)
  const first = their.startProbe().catch(() => {})
  const socket = their._udp
  const second = their.startProbe().then(
    () => 'settled',
    () => 'settled',
  )
  // The first round closes the socket of the second, which then waits for ever or throws where nobody catches it.
  const uncaught = vi.fn()
  process.on('uncaughtException', uncaught)
  await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 1_500))])
  const outcome = await Promise.race([second, new Promise((resolve) => setTimeout(() => resolve('pending'), 1_500))])
  process.off('uncaughtException', uncaught)
  expect(outcome === 'pending' || uncaught.mock.calls.length > 0).toBe(true)
  for (const udp of [socket, their._udp]) {
    try {
      udp?.close()
    } catch {}
  }
  // Ours: discovery.test.ts, "a round that is asked for during another joins it".
})
