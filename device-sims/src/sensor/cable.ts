/** The cable between a sensor and its broker: cut, everything on it vanishes, and neither end hears of it. */
import { createConnection, type Socket } from 'node:net'
import { Duplex } from 'node:stream'

export class Cable extends Duplex {
  readonly #socket: Socket | undefined
  readonly #isCut: () => boolean

  /** A cable that is cut already leads nowhere: the connection never opens. */
  constructor(host: string, port: number, isCut: () => boolean) {
    super()
    this.#isCut = isCut
    if (isCut()) return
    const socket = createConnection({ host, port, noDelay: true })
    this.#socket = socket
    socket.on('data', (chunk) => {
      if (!isCut()) this.push(chunk)
    })
    socket.on('error', (error) => {
      if (!isCut()) this.destroy(error)
    })
    socket.on('close', () => {
      if (!isCut()) this.destroy()
    })
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: string, done: (error?: Error | null) => void): void {
    if (this.#isCut() || !this.#socket) done()
    else this.#socket.write(chunk, done)
  }

  /** Over a cut cable no goodbye travels: the socket waits in silence until the cable is mended. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#isCut()) this.#socket?.pause()
    else this.#socket?.destroy()
    done(error)
  }

  /** After the cable is mended: the far end may have given up long ago, so begin anew. */
  sever(): void {
    this.#socket?.destroy()
    this.destroy()
  }
}
