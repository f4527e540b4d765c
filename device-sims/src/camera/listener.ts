/**
 * One listening socket for all cameras of a process. It listens on the wildcard address, because twenty thousand addresses cannot
 * have a socket each; so it refuses at once whatever did not come from, or go to, 127.0.0.0/8.
 */
import { createServer, type Socket } from 'node:net'
import type { Camera } from './camera.ts'

export type Listener = {
  port: number
  /** Resets what a camera has open: it lost power. */
  reset(camera: Camera): void
  close(): Promise<void>
}

/** Milliseconds without traffic after which a connection is closed. */
const idle = 90_000
const isLoopback = (address: string | undefined): boolean => address?.startsWith('127.') ?? false

export type Accept = (socket: Socket, camera: Camera) => void

export async function listen(cameras: ReadonlyMap<string, Camera>, port: number, accept: Accept): Promise<Listener> {
  const open = new Map<Camera, Set<Socket>>()
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    const camera =
      isLoopback(socket.remoteAddress) && isLoopback(socket.localAddress)
        ? cameras.get(socket.localAddress!)
        : undefined
    if (!camera?.powered) return void socket.resetAndDestroy()
    const sockets = open.get(camera) ?? new Set()
    open.set(camera, sockets.add(socket))
    socket.on('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) open.delete(camera)
    })
    socket.setTimeout(idle, () => socket.destroy())
    accept(socket, camera)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '0.0.0.0', backlog: 4_096 }, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    reset: (camera) => {
      for (const socket of open.get(camera) ?? []) socket.resetAndDestroy()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const sockets of open.values()) for (const socket of sockets) socket.destroy()
      }),
  }
}
