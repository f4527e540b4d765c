/** Ports of the loopback interface, for servers that cannot be told to choose one or are started again on the same. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'

/**
 * Below the range from which the kernel gives ports to connections and to those who ask for any (32768 and up): between here and the
 * start of the server nobody is given it by chance.
 */
const [from, to] = [12_000, 32_000] as const

/** So many that nobody listens on; all are held until all are found, so that none comes twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = []
  while (servers.length < count) {
    const server = createServer()
    const isFree = once(server, 'listening').then(
      () => true,
      () => false,
    )
    server.listen(randomInt(from, to), '127.0.0.1')
    if (await isFree) servers.push(server)
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0]!

/** Whether somebody takes connections there. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** One of UDP, free on every address of this machine. */
export async function freeUdpPort(): Promise<number> {
  for (;;) {
    const socket = createSocket('udp4')
    const isFree = once(socket, 'listening').then(
      () => true,
      () => false,
    )
    socket.bind(randomInt(from, to), '0.0.0.0')
    if (!(await isFree)) continue
    const { port } = socket.address()
    await new Promise<void>((resolve) => socket.close(resolve))
    return port
  }
}
