import { createSocket, type Socket } from 'node:dgram'
import { createServer } from 'node:net'
import type { FoundDevice } from '@hub/contracts'
import { type Clock, createSystemClock, silentLog } from '@hub/platform'
import { afterEach, describe, expect, test } from 'vitest'
import { freeUdpPort } from '../../../test/support/ports.ts'
import { fakeCamera, fixture, ok, soap } from '../onvif/fake-camera.ts'
import { answering } from './answering.ts'
import { createDiscovery, type Discovery } from './discovery.ts'
import { multicastGroup } from './message.ts'

const sockets: Socket[] = []
const running: Discovery[] = []
afterEach(async () => {
  for (const discovery of running.splice(0)) await discovery.stop()
  for (const socket of sockets.splice(0)) socket.close()
})

/** A device that answers each Probe with what `answer` makes of its address; behind `<Stray>` as it stands. */
async function device(
  address: string,
  port: number,
  answer: (address: string) => string,
  bind = address,
): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  socket.on('message', (message, from) => {
    if (!message.includes('Probe>')) return
    // Answers come from the device's own address, also when it was asked by multicast.
    const reply = createSocket('udp4')
    const text = answer(address)
    const said = text.startsWith('<Stray>') ? text.slice('<Stray>'.length) : answering(text, message)
    reply.bind(0, address, () => reply.send(said, from.port, from.address, () => reply.close()))
  })
  await new Promise<void>((resolve) => socket.bind(port, bind, resolve))
  sockets.push(socket)
  return socket
}

const matches = (address: string, xaddr = `http://${address}:8000/onvif/device_service`) =>
  `<E><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>urn:uuid:${address}</Address></EndpointReference><Types>dn:NetworkVideoTransmitter</Types><XAddrs>${xaddr}</XAddrs></ProbeMatch></ProbeMatches></Body></E>`

/** A device announces itself. */
async function sayHello(address: string, port: number): Promise<void> {
  const hello = createSocket('udp4')
  sockets.push(hello)
  await new Promise<void>((resolve) => hello.bind(0, address, resolve))
  hello.setMulticastInterface('127.0.0.1')
  const text = matches(address)
    .replaceAll('ProbeMatches', 'x')
    .replaceAll('ProbeMatch', 'Hello')
    .replace(/<\/?x>/g, '')
  hello.send(text, port, multicastGroup)
}

async function started(
  port: number,
  config = {},
  clock: Clock = createSystemClock(),
): Promise<{ discovery: Discovery; found: FoundDevice[] }> {
  const found: FoundDevice[] = []
  const discovery = createDiscovery({
    clock,
    log: silentLog,
    port,
    settleMs: 200,
    config: {
      interfaces: ['127.0.0.1'],
      multicast: false,
      ranges: [],
      everySeconds: 60,
      allowLoopback: true,
      packetsPerSecond: 1_000,
      ...config,
    },
    onFound: (each) => found.push(each),
  })
  running.push(discovery)
  await discovery.start()
  return { discovery, found }
}

test('a sweep finds each device of a range, and says how far it is', async () => {
  const port = await freeUdpPort()
  for (const host of [3, 7, 9]) await device(`127.77.0.${host}`, port, matches)
  const { discovery, found } = await started(port, { ranges: ['127.77.0.0/28'] })
  expect(await discovery.discoverNow()).toEqual({ found: 3 })
  expect(found.map((each) => each.address).sort()).toEqual(['127.77.0.3', '127.77.0.7', '127.77.0.9'])
  const progress = discovery.progress()
  expect(progress).toMatchObject({ asked: 14, toAsk: 14, found: 3 })
  expect(progress.endedAt).toBeGreaterThan(progress.startedAt!)
})

test('a sweep asks by Types, and the next without: some cameras answer to one of them only', async () => {
  const port = await freeUdpPort()
  const heard: boolean[] = []
  const socket = await device('127.77.6.1', port, matches)
  socket.on('message', (message) => heard.push(message.includes('NetworkVideoTransmitter')))
  const { discovery } = await started(port, { ranges: ['127.77.6.1'] })
  await discovery.discoverNow()
  await discovery.discoverNow()
  expect(heard).toEqual([true, false])
})

test('multicast on loopback: a device answers, and a Hello is heard', async () => {
  const port = await freeUdpPort()
  const socket = await device('127.77.1.1', port, matches, '0.0.0.0')
  socket.addMembership(multicastGroup, '127.0.0.1')
  const { discovery, found } = await started(port, { multicast: true })
  expect(await discovery.discoverNow()).toEqual({ found: 1 })
  await sayHello('127.77.1.2', port)
  await expect.poll(() => found.map((each) => each.address)).toEqual(['127.77.1.1', '127.77.1.2'])
})

test('every chosen interface asks, and two addresses of one network card, or one that is missing, deafen nobody', async () => {
  const port = await freeUdpPort()
  const askedFrom = new Set<string>()
  const socket = await device('127.77.5.1', port, matches, '0.0.0.0')
  socket.on('message', (_, from) => askedFrom.add(from.address))
  socket.addMembership(multicastGroup, '127.0.0.1')
  const interfaces = ['127.0.0.1', '127.0.0.2', '192.0.2.1']
  const { discovery, found } = await started(port, { multicast: true, interfaces })
  expect(await discovery.discoverNow()).toEqual({ found: 1 })
  expect([...askedFrom].sort()).toEqual(['127.0.0.1', '127.0.0.2'])
  await sayHello('127.77.5.2', port)
  await expect.poll(() => found.map((each) => each.address)).toEqual(['127.77.5.1', '127.77.5.2'])
  await discovery.stop()
  await sayHello('127.77.5.3', port)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(found).toHaveLength(2)
})

test('a round that is asked for during another joins it', async () => {
  const port = await freeUdpPort()
  await device('127.77.2.1', port, matches)
  const { discovery } = await started(port, { ranges: ['127.77.2.1/32'] })
  expect(await Promise.all([discovery.discoverNow(), discovery.discoverNow()])).toEqual([{ found: 1 }, { found: 1 }])
})

test('a spoofed address is quarantined, and no connection is opened to it', async () => {
  let connections = 0
  const victim = createServer(() => connections++)
  await new Promise<void>((resolve) => victim.listen(0, '127.0.0.1', resolve))
  const { port: victimPort } = victim.address() as { port: number }
  const port = await freeUdpPort()
  await device('127.77.3.1', port, (address) => matches(address, `http://127.0.0.1:${victimPort}/onvif/device_service`))
  const { discovery, found } = await started(port, { ranges: ['127.77.3.1'] })
  await discovery.discoverNow()
  expect(found).toMatchObject([{ address: '127.77.3.1', quarantine: 'xaddr-host-differs' }])
  expect(connections).toBe(0)
  victim.close()
})

test('the rate of a sweep keeps its limit', async () => {
  const port = await freeUdpPort()
  const times: number[] = []
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  sockets.push(socket)
  socket.on('message', () => times.push(performance.now()))
  await new Promise<void>((resolve) => socket.bind(port, '0.0.0.0', resolve))
  const { discovery } = await started(port, { ranges: ['127.77.4.0/26'], packetsPerSecond: 100 })
  await discovery.discoverNow()
  expect(times.length).toBe(62)
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(500)
})

test('a sweep that was held up does not make up for it in a burst', async () => {
  const port = await freeUdpPort()
  const times: number[] = []
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  sockets.push(socket)
  const system = createSystemClock()
  let heldUp = 0
  socket.on('message', () => {
    if (times.push(performance.now()) === 20) heldUp = 10_000
  })
  await new Promise<void>((resolve) => socket.bind(port, '0.0.0.0', resolve))
  const clock = { ...system, now: () => system.now() + heldUp }
  const { discovery } = await started(port, { ranges: ['127.77.5.0/24'], packetsPerSecond: 500 }, clock)
  await discovery.discoverNow()
  expect(times.length).toBe(254)
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(350)
})

test('stop in the middle of a sweep ends it', async () => {
  const { discovery } = await started(await freeUdpPort(), { ranges: ['127.77.0.0/16'], packetsPerSecond: 10 })
  const round = discovery.discoverNow()
  await discovery.stop()
  expect(await round).toEqual({ found: 0 })
})

test('matches that answer no Probe of ours are ignored and counted: of another, and of nobody', async () => {
  const port = await freeUdpPort()
  const other = '<E><Header><RelatesTo>uuid:5b3c7b1d-0000-4c1e-9d2f-000000000002</RelatesTo></Header>'
  await device('127.77.7.1', port, (address) => `<Stray>${matches(address).replace('<E>', other)}`)
  await device('127.77.7.2', port, (address) => `<Stray>${matches(address)}`)
  await device('127.77.7.3', port, matches)
  const { discovery, found } = await started(port, { ranges: ['127.77.7.0/29'] })
  await discovery.discoverNow()
  expect(found.map(({ address }) => address)).toEqual(['127.77.7.3'])
  expect(discovery.counters().strays).toBe(2)
})

describe('a camera that is named by its address', () => {
  const endpoint = 'urn:uuid:00010010-0001-1020-8000-3ce36b000102'
  const reference = ok(
    soap(`<GetEndpointReferenceResponse><GUID>${endpoint.toUpperCase()}</GUID></GetEndpointReferenceResponse>`),
  )
  const clockAnswer = fixture('dahua-clock')
  const refusal = fixture('dahua-unauthorised')

  test.each([
    ['by the endpoint that it states', reference, endpoint],
    ['by its address, where it states none', refusal, undefined],
  ])('is found %s, asked without a login', async (_, answer, stated) => {
    await using camera = await fakeCamera(({ body }) => (body.includes('GetSystemDateAndTime') ? clockAnswer : answer))
    const { discovery, found } = await started(await freeUdpPort())
    const xaddr = `http://127.0.0.1:${camera.port}/onvif/device_service`
    const entered = await discovery.add(xaddr)
    expect(entered).toMatchObject({
      endpoint: stated ?? xaddr,
      address: '127.0.0.1',
      xaddrs: [xaddr],
      quarantine: 'new',
    })
    expect(found).toEqual([entered])
    expect(camera.asked.some(({ body, authorization }) => authorization || body.includes('Security'))).toBe(false)
  })

  test.each([
    ['http://camera.local/onvif', 'the address must be http or https with an IP address'],
    ['ftp://127.0.0.1/', 'the address may not be used: xaddr-malformed'],
    ['http://169.254.169.254/', 'the address may not be used: xaddr-link-local'],
    ['http://127.0.0.1:1/', 'the camera refuses the connection'],
  ])('is refused at %s', async (xaddr, why) => {
    const { discovery, found } = await started(await freeUdpPort())
    await expect(discovery.add(xaddr)).rejects.toThrow(why)
    expect(found).toEqual([])
  })
})
