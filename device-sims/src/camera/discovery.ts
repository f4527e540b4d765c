/**
 * WS-Discovery of a process's cameras. Each has a UDP socket on its own address, so that answers come from there; one more hears
 * the multicast group on the loopback interface, where that has one. Only 127.0.0.0/8 is answered: no amplifier for anyone.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { Clock } from '../clock.ts'
import { hash } from '../random.ts'
import type { Camera, Ports } from './camera.ts'
import { bye, hello, matches, probeMatches, readProbe } from './discovery-message.ts'

const group = '239.255.255.250'
/** APP_MAX_DELAY (WS-Discovery 3.1.3): a multicast Probe is answered within it, spread. */
const longestDelay = 500
const largestProbe = 8_192
/** Hellos of a whole fleet leave at this pace, so that a listener's buffer holds. */
const hellosPerSecond = 2_000

export type Discovery = {
  port: number
  /** Whether the loopback interface carries multicast here. */
  multicast: boolean
  hello(camera: Camera): void
  bye(camera: Camera): void
  /** A camera's power or network came or went. */
  changed(camera: Camera): void
  /** Each answers at the address of the other from now on. @returns false where it does not: another process answers for one of them */
  trade(one: Camera, other: Camera): boolean
  close(): Promise<void>
}

/** Addresses are numbers already: no resolver, no thread. */
const lookup = (host: string, _: unknown, done: (error: null, address: string, family: number) => void): void =>
  done(null, host, 4)
const isLoopback = (address: string): boolean => address.startsWith('127.')
const isOn = (camera: Camera): boolean => camera.powered && camera.connected

export async function serveDiscovery(
  cameras: readonly Camera[],
  port: number,
  ports: () => Ports,
  clock: Clock,
  multicast: boolean,
): Promise<Discovery> {
  const sockets = new Map<Camera, Socket>()
  const cameraAt = new Map<Socket, Camera>()
  const sequence = { instance: Math.floor(clock.now() / 1_000), number: 0 }
  const next = () => {
    sequence.number++
    return sequence
  }
  const onProbe = (camera: Camera, text: Buffer, from: RemoteInfo): void => {
    if (!isOn(camera) || !isLoopback(from.address) || text.length > largestProbe) return
    const probe = readProbe(text.toString())
    if (probe && matches(probe, camera))
      sockets.get(camera)?.send(probeMatches(camera, ports(), probe, next()), from.port, from.address)
  }

  let shared = port
  for (const camera of cameras) {
    const socket = await bind(camera.address, shared)
    shared = socket.address().port
    socket.on('message', (text, from) => onProbe(cameraAt.get(socket)!, text, from))
    sockets.set(camera, socket)
    cameraAt.set(socket, camera)
  }

  const spread = (text: Buffer, from: RemoteInfo): void => {
    if (!isLoopback(from.address) || text.length > largestProbe) return
    const probe = readProbe(text.toString())
    if (!probe) return
    for (const [camera, socket] of sockets)
      if (matches(probe, camera))
        clock.after(hash(camera.spec.endpoint + probe.messageId) % longestDelay, () => {
          if (isOn(camera)) socket.send(probeMatches(camera, ports(), probe, next()), from.port, from.address, ignore)
        })
  }
  const ear = multicast ? await joinGroup(shared, spread) : undefined

  const announce = (camera: Camera, message: Buffer): void => {
    const socket = sockets.get(camera)
    if (!ear || !socket) return
    socket.setMulticastInterface('127.0.0.1')
    socket.send(message, shared, group, ignore)
  }
  const greetings = cameras.map((camera, n) =>
    clock.after((n * 1_000) / hellosPerSecond, () => isOn(camera) && announce(camera, hello(camera, ports(), next()))),
  )

  return {
    port: shared,
    multicast: ear !== undefined,
    hello: (camera) => announce(camera, hello(camera, ports(), next())),
    bye: (camera) => announce(camera, bye(camera, next())),
    changed() {},
    trade(one, other) {
      const [own, its] = [sockets.get(one), sockets.get(other)]
      if (!own || !its) return false
      sockets.set(one, its).set(other, own)
      cameraAt.set(its, one).set(own, other)
      return true
    },
    async close() {
      for (const cancel of greetings) cancel()
      const all = [...sockets.values(), ...(ear ? [ear] : [])]
      await Promise.all(all.map((socket) => new Promise<void>((resolve) => socket.close(resolve))))
    },
  }
}

/** A datagram that cannot leave is lost, as datagrams are. */
const ignore = (): void => {}

/** A sweep asks thousands of addresses behind one socket in a moment. */
const recvBufferSize = 4 * 1024 * 1024

function bind(address: string, port: number, reuseAddr = true): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr, lookup, recvBufferSize })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject)
      socket.on('error', ignore)
      resolve(socket)
    })
  })
}

async function joinGroup(
  port: number,
  onMessage: (text: Buffer, from: RemoteInfo) => void,
): Promise<Socket | undefined> {
  const socket = await bind(group, port).catch(() => undefined)
  try {
    socket?.addMembership(group, '127.0.0.1')
    socket?.on('message', onMessage)
    return socket
  } catch {
    socket?.close()
    return undefined
  }
}
