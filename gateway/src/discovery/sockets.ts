/** UDP sockets of discovery: one on each chosen interface to ask by, and one that hears Hello and Bye. */
import { createSocket, type Socket } from 'node:dgram'
import type { Log } from '@hub/platform'
import { discoveryPort, multicastGroup } from './message.ts'

export type OnDatagram = (datagram: Buffer, responder: string) => void

export type DiscoverySockets = {
  /** Sends to the multicast group on every interface. */
  multicast(message: string): void
  /** Sends to one address. */
  unicast(message: string, address: string): void
  close(): Promise<void>
}

/** Opens what can be opened: an interface that is missing is logged, not fatal. */
export async function openSockets(options: {
  interfaces: readonly string[]
  multicast: boolean
  port?: number
  log: Log
  onDatagram: OnDatagram
}): Promise<DiscoverySockets> {
  const { log, onDatagram, port = discoveryPort } = options
  const receive = (socket: Socket) =>
    socket
      .on('message', (datagram, from) => onDatagram(datagram, from.address))
      .on('error', (error) => log.warn({ error: error.message }, 'discovery socket'))
  const askers: { address: string; socket: Socket }[] = []
  for (const address of options.interfaces.length > 0 ? options.interfaces : ['0.0.0.0']) {
    try {
      const socket = receive(await bound(createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 }), 0, address))
      askers.push({ address, socket })
      // Without multicast it still sweeps.
      if (options.multicast && address !== '0.0.0.0') socket.setMulticastInterface(address)
    } catch (error) {
      log.warn({ interface: address, error: (error as Error).message }, 'discovery cannot use an interface')
    }
  }
  const hearer = options.multicast ? await hear() : undefined

  async function hear(): Promise<Socket | undefined> {
    const deaf = (error: unknown, where: object) =>
      log.warn(
        { ...where, error: (error as Error).message },
        'discovery hears no Hello: devices are found by asking only',
      )
    try {
      const socket = receive(await bound(createSocket({ type: 'udp4', reuseAddr: true }), port, '0.0.0.0'))
      for (const { address } of askers)
        try {
          socket.addMembership(multicastGroup, address === '0.0.0.0' ? undefined : address)
        } catch (error) {
          // Two addresses of one network card are one membership. One card that refuses must not deafen the others.
          if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') deaf(error, { interface: address })
        }
      return socket
    } catch (error) {
      deaf(error, { port })
      return undefined
    }
  }

  // What cannot be sent (no route, buffer full) is asked again in the next round.
  const ignore = () => {}
  return {
    multicast(message) {
      if (options.multicast) for (const { socket } of askers) socket.send(message, port, multicastGroup, ignore)
    },
    unicast(message, address) {
      nearest(askers, address)?.socket.send(message, port, address, ignore)
    },
    async close() {
      const sockets = [...askers.map((a) => a.socket), ...(hearer ? [hearer] : [])]
      await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))))
    },
  }
}

function bound(socket: Socket, port: number, address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => {
      socket.close()
      reject(error)
    }
    socket.once('error', refuse)
    socket.bind(port, address, () => {
      socket.off('error', refuse)
      resolve(socket)
    })
  })
}

/** The interface whose address shares the longest prefix: right for directly connected ranges, harmless for routed ones. */
function nearest<T extends { address: string }>(askers: readonly T[], address: string): T | undefined {
  if (askers.length < 2) return askers[0]
  const common = (a: string) => {
    const [left, right] = [a.split('.'), address.split('.')]
    const differs = left.findIndex((part, i) => part !== right[i])
    return differs < 0 ? 4 : differs
  }
  return askers.reduce((best, asker) => (common(asker.address) > common(best.address) ? asker : best))
}
