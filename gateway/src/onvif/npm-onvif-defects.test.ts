/** Each measured defect of npm `onvif` 0.8.3, shown on its own code and then on ours. */
import { createSocket } from 'node:dgram'
import { Socket } from 'node:net'
import type { FoundDevice, Observation } from '@hub/contracts'
import { createSystemClock, silentLog } from '@hub/platform'
import { expect, test, vi } from 'vitest'
import { runProgram } from '../../../test/support/program.ts'
import { answering } from '../discovery/answering.ts'
import { createDiscovery } from '../discovery/index.ts'
import { createEvents } from '../events/index.ts'
import { type Asked, type FakeCamera, fakeCamera, fixture, ok, sessionWith, soap } from './fake-camera.ts'
import { published } from './published.ts'

/** Answers each Probe with these datagrams, in this order, from an address of its own. */
async function device(address: string, answers: readonly string[]) {
  const socket = createSocket('udp4')
  socket.on('message', (probe, from) => {
    for (const answer of answers) socket.send(answering(answer, probe), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, address, resolve))
  return { address, port: socket.address().port, close: () => socket.close() }
}
type Device = Awaited<ReturnType<typeof device>>

/**
 * Their discovery has its group and port fixed, and asks each camera that it finds at once: the child sends what is for the
 * group to the device, and writes down whom it would connect to instead of doing it.
 */
const child = `
const [address, port] = process.argv.slice(1)
const { Socket } = require('node:dgram')
const send = Socket.prototype.send
Socket.prototype.send = function (bytes, from, to) { send.call(this, bytes, from, to, Number(port), address) }
const http = require('node:http')
const { EventEmitter } = require('node:events')
http.request = ({ hostname, port }) => {
  console.log('connects to ' + hostname + ':' + port)
  return Object.assign(new EventEmitter(), { setTimeout() {}, write() {}, end() {} })
}
require('onvif').Discovery.probe({ timeout: 500 }, (error, cameras) => {
  for (const { hostname } of cameras) console.log('found ' + hostname)
})
`
async function theirDiscovery({ address, port }: Device) {
  const args = ['-e', child, address, String(port)]
  const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd: import.meta.dirname })
  return { code, out: stdout, said: stderr }
}

async function ourDiscovery({ address, port }: Device) {
  const found: FoundDevice[] = []
  const discovery = createDiscovery({
    clock: createSystemClock(),
    log: silentLog,
    port,
    settleMs: 100,
    onFound: (each) => found.push(each),
    config: {
      interfaces: ['127.0.0.1'],
      multicast: false,
      ranges: [`${address}/32`],
      everySeconds: 60,
      allowLoopback: true,
      packetsPerSecond: 1_000,
    },
  })
  await discovery.start()
  await discovery.discoverNow()
  await discovery.stop()
  return found
}

const match = (endpoint: string, xaddr: string) =>
  `<Envelope><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>${endpoint}</Address></EndpointReference><Types>dn:NetworkVideoTransmitter</Types><XAddrs>${xaddr}</XAddrs></ProbeMatch></ProbeMatches></Body></Envelope>`

test.each([
  ['no XML', 'hello'],
  ['a match without an endpoint', '<Envelope><Body><ProbeMatches><ProbeMatch/></ProbeMatches></Body></Envelope>'],
  ['an address that is no URL', match('urn:uuid:1', 'camera')],
])('a malformed answer by UDP ends the process that has no "error" listener: %s', async (_, malformed) => {
  const address = '127.78.1.1'
  const camera = await device(address, [malformed, match('urn:uuid:2', `http://${address}/onvif/device_service`)])
  const [theirs, ours] = await Promise.all([theirDiscovery(camera), ourDiscovery(camera)])
  camera.close()
  expect(theirs).toMatchObject({ code: 1, out: '', said: expect.stringContaining('ERR_UNHANDLED_ERROR') })
  expect(ours.filter(({ quarantine }) => quarantine === 'new')).toMatchObject([{ address, endpoint: 'urn:uuid:2' }])
})

test('a spoofed answer is believed, and a connection to 169.254.169.254 opened at once', async () => {
  const impostor = await device('127.0.0.1', [match('urn:uuid:1', 'http://169.254.169.254/latest/meta-data')])
  expect(await theirDiscovery(impostor)).toMatchObject({
    code: 0,
    out: 'connects to 169.254.169.254:80\nfound 169.254.169.254\n',
  })
  const connect = vi.spyOn(Socket.prototype, 'connect')
  expect(await ourDiscovery(impostor)).toMatchObject([{ address: '127.0.0.1', quarantine: 'xaddr-link-local' }])
  expect(connect).not.toHaveBeenCalled()
  impostor.close()
})

const times = '<CurrentTime>2026-01-01T00:00:00Z</CurrentTime><TerminationTime>2026-01-01T00:03:00Z</TerminationTime>'
const motion = (value: boolean) =>
  `<NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic><Message><Message UtcTime="2026-01-01T00:00:00Z" PropertyOperation="Changed"><Source><SimpleItem Name="Source" Value="V1"/></Source><Data><SimpleItem Name="State" Value="${value}"/></Data></Message></Message></NotificationMessage>`
const nameOf = ({ body }: Asked): string => /<(?:s:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '?'

/** Node's own client would use the connection again while it is being closed. */
const closing = 'Connection: close\r\n'
const fault = ok(soap('<Fault><Code><Value>s:Sender</Value></Code></Fault>'), closing)

/**
 * A camera that reboots in the middle of the second pull. For three calls its web server answers before its ONVIF service
 * does; then all is well, but the subscription is gone.
 */
function rebooting(): Promise<FakeCamera> {
  let [boot, pulls, starting] = [1, 0, 0]
  const answers = (at: string): Record<string, string> => ({
    GetCapabilities: `<Capabilities><Events><XAddr>http://${at}/events</XAddr></Events></Capabilities>`,
    CreatePullPointSubscription: `<SubscriptionReference><Address>http://${at}/sub/${boot}</Address></SubscriptionReference>${times}`,
    SetSynchronizationPoint: '',
    Renew: times,
    Unsubscribe: '',
  })
  return fakeCamera((asked) => {
    const name = nameOf(asked)
    const says = (inner: string) => ok(soap(`<${name}Response>${inner}</${name}Response>`), closing)
    if (starting > 0) {
      starting--
      return `HTTP/1.1 503 Service Unavailable\r\n${closing}Content-Length: 0\r\n\r\n`
    }
    if (name === 'GetSystemDateAndTime') return fixture('hikvision-clock')
    const usual = answers(/^host: *(\S+)/im.exec(asked.head)![1]!)[name]
    if (usual !== undefined) return says(usual)
    if (name !== 'PullMessages' || asked.path !== `/sub/${boot}`) return fault
    pulls++
    if (pulls === 2) {
      boot++
      starting = 3
      return (socket: Socket) => socket.resetAndDestroy()
    }
    // From the fourth on nothing happens.
    return pulls < 4 ? says(times + motion(pulls > 1)) : () => {}
  })
}

type Cam = { on(name: 'event', heard: () => void): void; removeAllListeners(): void }
type NpmOnvif = { Cam: new (options: object, ready: (error: unknown) => void) => Cam }

test('pulling ends without a word after a reboot', async () => {
  await using theirs = await rebooting()
  const { Cam } = published<NpmOnvif>('onvif', 'onvif.js')
  const cam = await new Promise<Cam>((resolve, reject) => {
    const options = { hostname: '127.0.0.1', port: theirs.port }
    const made = new Cam(options, (error) => (error ? reject(error) : resolve(made)))
  })
  const heard = vi.fn()
  cam.on('event', heard)
  const creates = () => theirs.asked.filter((asked) => nameOf(asked) === 'CreatePullPointSubscription').length
  // The second is answered with 503. The camera would grant a third.
  await vi.waitFor(() => expect(creates()).toBe(2), { timeout: 8_000, interval: 5 })
  const until = theirs.asked.length

  await using ours = await rebooting()
  const told: Observation[] = []
  const session = sessionWith(ours, { credential: { user: 'admin', password: 'x' } })
  const events = createEvents({
    clock: createSystemClock(),
    log: silentLog,
    config: { enabled: true, maxSubscriptions: 1 },
    random: () => 0,
    policy: { busyGapMs: 5, idleGapMs: 5, firstBackOffMs: 40 },
    openSession: (_, limits) => session.secondSession(limits),
    emit: async (observation) => void told.push(observation),
  })
  const id = '43040500001320000001'
  const xaddr = `http://127.0.0.1:${ours.port}/onvif/device_service`
  events.apply({ put: [{ kind: 'camera', id, xaddr, credential: 'main', every: 30_000 }], drop: [] })
  events.ready(id)
  await vi.waitFor(() => expect(told.map(({ event }) => event?.active)).toEqual([false, true]), { timeout: 8_000 })
  expect(events.stats().subscriptions).toBe(1)
  await events.stop()

  // In all this time theirs has asked nothing more.
  expect(theirs.asked.length).toBe(until)
  expect(heard).toHaveBeenCalledTimes(1)
  cam.removeAllListeners()
})
