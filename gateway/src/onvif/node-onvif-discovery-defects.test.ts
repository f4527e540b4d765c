/** Each measured defect of the discovery of node-onvif 0.1.7, shown on its own code and then on ours. */

import { createSocket, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createSystemClock, silentLog } from '@hub/platform'
import { expect, test, vi } from 'vitest'
import { answering } from '../discovery/answering.ts'
import { createDiscovery, type Discovery } from '../discovery/index.ts'
import { multicastGroup, readMessage } from '../discovery/message.ts'
import { published } from './published.ts'

const datagram = (name: string) => readFileSync(new URL(`../discovery/fixtures/${name}.xml`, import.meta.url))

/** Hears each Probe, and answers with these datagrams. */
async function device(address: string, answers: readonly Buffer[], heard = (_from: string) => {}): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.on('message', (probe, from) => {
    heard(from.address)
    for (const answer of answers) socket.send(answering(answer, probe), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, address, resolve))
  return socket
}

type Discoverer = {
  startProbe(): Promise<unknown[]>
  _DISCOVERY_WAIT: number
  _DISCOVERY_INTERVAL: number
  _udp: Socket
  _PORT: number
  _MULTICAST_ADDRESS: string
}
const theirDiscovery = (port: number, address: string): Discoverer =>
  Object.assign(published<Discoverer>('node-onvif', 'node-onvif.js'), {
    // Its own are 3 s and 150 ms.
    _DISCOVERY_WAIT: 200,
    _DISCOVERY_INTERVAL: 40,
    _PORT: port,
    _MULTICAST_ADDRESS: address,
  })
async function ourDiscovery(port: number, config: object): Promise<Discovery> {
  const discovery = createDiscovery({
    clock: createSystemClock(),
    log: silentLog,
    port,
    settleMs: 100,
    onFound: () => {},
    config: {
      interfaces: ['127.0.0.1'],
      multicast: false,
      ranges: [],
      everySeconds: 60,
      allowLoopback: true,
      packetsPerSecond: 1_000,
      ...config,
    },
  })
  await discovery.start()
  return discovery
}

test('two matches in one datagram', async () => {
  const both = datagram('two-matches')
  const camera = await device('127.0.0.1', [both, datagram('dahua-match')])
  // It hears the one that came alone, and none of the two.
  expect(await theirDiscovery(camera.address().port, '127.0.0.1').startProbe()).toHaveLength(1)
  camera.close()
  const message = readMessage(both)
  expect(message.kind === 'matches' && message.matches.map((match) => match.endpoint)).toHaveLength(2)
})

test('two rounds at once: the second never ends', async () => {
  const camera = await device('127.78.0.1', [datagram('two-matches')])
  const { port } = camera.address()
  const their = theirDiscovery(port, '127.78.0.1')
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

  const ours = await ourDiscovery(port, { ranges: ['127.78.0.1/32'] })
  const rounds = await Promise.all([ours.discoverNow(), ours.discoverNow()])
  expect(rounds).toEqual([{ found: 2 }, { found: 2 }])
  await ours.stop()
  camera.close()
})

test('one interface only, and it is not chosen', async () => {
  const heard = new Set<string>()
  const camera = await device('0.0.0.0', [], (from) => heard.add(from))
  const { port } = camera.address()
  // A group of its own: another program's membership of the usual one must not bring its packets here.
  const theirGroup = '239.255.78.1'
  for (const group of [theirGroup, multicastGroup]) camera.addMembership(group, '127.0.0.1')

  const their = theirDiscovery(port, theirGroup)
  const round = their.startProbe()
  // What it sends by the system's choice of interface stays on this machine.
  their._udp.prependOnceListener('listening', () => their._udp.setMulticastTTL(0))
  await round
  expect(heard.size).toBeLessThanOrEqual(1)
  heard.clear()

  const ours = await ourDiscovery(port, { interfaces: ['127.0.0.1', '127.0.0.2'], multicast: true })
  await ours.discoverNow()
  await ours.stop()
  expect([...heard].sort()).toEqual(['127.0.0.1', '127.0.0.2'])
  camera.close()
})
