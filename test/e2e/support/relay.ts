/** A wire between two TCP ends that can be cut and mended: the uplink of a gateway. */
import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'

export type Relay = {
  readonly port: number
  /** From now on everything on the wire vanishes: nothing is closed, nothing is refused, nothing arrives. */
  cut(): void
  /** New connections reach the far end again. Those that were cut are closed: bytes are missing in them. */
  mend(): void
  close(): Promise<void>
}

export async function startRelay(farPort: number): Promise<Relay> {
  const open = new Set<Socket>()
  let isCut = false

  const keep = (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  }
  /** Over a cut wire neither bytes nor the end of a connection travel. */
  const join = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => isCut || to.write(chunk))
    from.on('close', () => isCut || to.destroy())
  }
  const server = createServer({ noDelay: true }, (near) => {
    keep(near)
    if (isCut) return void near.resume()
    const far = createConnection({ host: '127.0.0.1', port: farPort, noDelay: true })
    keep(far)
    join(near, far)
    join(far, near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const closeAll = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: (server.address() as { port: number }).port,
    cut() {
      isCut = true
    },
    mend() {
      closeAll()
      isCut = false
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      closeAll()
      return closed
    },
  }
}
