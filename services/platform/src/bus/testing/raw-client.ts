/** An MQTT client made of bytes, for what a decent client library would not send. */
import { connect, type Socket } from 'node:net'

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}
const packet = (type: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const header = [type]
  let left = body.length
  do {
    header.push((left % 128) | (left >= 128 ? 0x80 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return Buffer.concat([Buffer.from(header), body])
}

export type Login = {
  clientId?: string
  user?: string
  password?: string
  clean?: boolean
  keepalive?: number
  will?: { topic: string; payload: string; retain?: boolean }
}

export const connectPacket = (login: Login): Buffer => {
  const { clientId = '', user, password, clean = true, keepalive = 60, will } = login
  const flags =
    (user === undefined ? 0 : 0x80) |
    (password === undefined ? 0 : 0x40) |
    (will ? 0x04 | 0x08 | (will.retain ? 0x20 : 0) : 0) |
    (clean ? 0x02 : 0)
  return packet(
    0x10,
    ...[text('MQTT'), Buffer.from([4, flags, keepalive >> 8, keepalive & 0xff]), text(clientId)],
    ...(will ? [text(will.topic), text(will.payload)] : []),
    ...[user, password].flatMap((value) => (value === undefined ? [] : [text(value)])),
  )
}
export const publishPacket = (
  topic: string,
  payload: string | Buffer,
  { qos = 0, id = 1, retain = false }: { qos?: 0 | 1; id?: number; retain?: boolean } = {},
): Buffer =>
  packet(
    0x30 | (qos << 1) | (retain ? 1 : 0),
    ...[text(topic), ...(qos ? [Buffer.from([id >> 8, id & 0xff])] : []), Buffer.from(payload)],
  )
export const subscribePacket = (...filters: string[]): Buffer =>
  packet(0x82, Buffer.from([0, 1]), ...filters.flatMap((filter) => [text(filter), Buffer.from([1])]))

export class RawClient {
  readonly socket: Socket
  #received = Buffer.alloc(0)

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
    })
  }
  send(...packets: Buffer[]): this {
    this.socket.write(Buffer.concat(packets))
    return this
  }
  /** The next `length` bytes, in hex; throws when the connection ends before. */
  async read(length: number): Promise<string> {
    while (this.#received.length < length) {
      if (this.socket.closed) throw new Error(`closed after ${this.#received.toString('hex') || 'nothing'}`)
      await new Promise<void>((resolve) => {
        this.socket.once('data', () => resolve()).once('close', () => resolve())
      })
    }
    const bytes = this.#received.subarray(0, length)
    this.#received = this.#received.subarray(length)
    return bytes.toString('hex')
  }
  /** Logs in: CONNACK's return code. */
  async login(login: Login): Promise<number> {
    return Number.parseInt((await this.send(connectPacket(login)).read(4)).slice(6), 16)
  }
  /** The return code of each filter: 1, or 0x80 when it is refused. */
  async subscribe(...filters: string[]): Promise<number[]> {
    const answer = await this.send(subscribePacket(...filters)).read(4 + filters.length)
    return [...Buffer.from(answer, 'hex').subarray(4)]
  }
  /** What has arrived and was not read, in hex. */
  get pending(): string {
    return this.#received.toString('hex')
  }
  async closed(): Promise<void> {
    // Not events.once, which rejects at the ECONNRESET that comes before.
    if (!this.socket.closed) await new Promise<void>((resolve) => this.socket.once('close', () => resolve()))
  }
  end(): void {
    this.socket.destroy()
  }
}
