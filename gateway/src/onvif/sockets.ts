/**
 * Plain TCP sockets that are used again. A probe is made on a fresh connection hundreds of times a second, and Node's Socket is the dearest
 * object of one: it may connect anew once its `close` was told (`net.Socket.connect`), which spares making it.
 */
import { Socket } from 'node:net'

/** What happens on a connection, told to whoever opened it, until it drops it. */
export type Listener = {
  connected(): void
  /** The bytes are overwritten by the next read, of any connection. */
  read(bytes: Buffer): void
  failed(error: NodeJS.ErrnoException): void
  /** Either end has closed it. */
  closed(): void
}

export type Line = { write(message: string): void; drop(): void }

/** Every plain socket reads into this one buffer. */
const readBuffer = Buffer.allocUnsafe(65_536)
/** Idle sockets that are kept. As many as are under way at a time when a fleet is probed. */
const mostIdle = 64
const idle: PooledLine[] = []

/** @param host IP address or name. */
export function openLine(host: string, port: number, listener: Listener): Line {
  const line = idle.pop() ?? new PooledLine()
  line.open(host, port, listener)
  return line
}

class PooledLine implements Line {
  #listener: Listener | undefined
  #failed = false
  readonly #socket = new Socket({
    onread: {
      buffer: readBuffer,
      callback: (size) => {
        this.#listener?.read(readBuffer.subarray(0, size))
        return true
      },
    },
  })

  constructor() {
    this.#socket.on('connect', () => this.#listener?.connected())
    this.#socket.on('error', (error) => {
      this.#failed = true
      this.#listener?.failed(error)
    })
    // Half-open is off: the peer's end closes the socket.
    this.#socket.on('close', () => {
      const listener = this.#listener
      this.#listener = undefined
      // One that failed is not trusted with another camera.
      if (!this.#failed && idle.length < mostIdle) idle.push(this)
      listener?.closed()
    })
  }

  open(host: string, port: number, listener: Listener): void {
    this.#listener = listener
    this.#socket.connect({ host, port })
  }
  write(message: string): void {
    this.#socket.write(message)
  }
  drop(): void {
    this.#listener = undefined
    this.#socket.destroy()
  }
}
