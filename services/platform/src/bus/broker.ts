/**
 * An MQTT 3.1.1 broker for hostile clients: aedes, with what it lacks. Used by the hub for its gateways and by each
 * gateway for its sensors. Every limit here answers a row of the attack table (shared/hardening.md).
 */
import { createServer, type Server, type Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { answerUnspoken, type Backpressure, connectFault, type PacketParser } from '@hub/core'
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes'
import type { Log } from '../log.ts'
import { guardFrames } from './frame-guard.ts'
import './packet-lengths.ts'

export type BrokerLimits = {
  /** Bytes of a CONNECT: before it nobody is known, and nothing else is read. */
  connectBytes: number
  /** Bytes of any later packet. The default lets a full batch of observations through; a field broker sets far less. */
  messageBytes: number
  /** Time to a whole CONNECT, milliseconds. */
  connectTimeoutMs: number
  /** Longest keepalive, seconds. Who asks for none (0) is held to this one: a half-open connection would otherwise stay for ever. */
  keepaliveSeconds: number
  /** How long a subscriber may leave its socket full before it is cut off, milliseconds. */
  drainTimeoutMs: number
  /**
   * How long a publisher is held back for want of room, milliseconds: well below half a keepalive, for its pings wait behind. After that its
   * message goes through, and the owner of the queue decides.
   */
  holdMs: number
  connections: number
  connectionsPerAddress: number
}

const brokerLimits: BrokerLimits = {
  connectBytes: 4_096,
  messageBytes: 4_194_304,
  connectTimeoutMs: 5_000,
  keepaliveSeconds: 300,
  drainTimeoutMs: 10_000,
  holdMs: 2_000,
  connections: 20_000,
  connectionsPerAddress: 256,
}

/** `P`: whatever the owner knows of a client after login. */
export type BrokerOptions<P> = {
  host: string
  /** 0: any free one; see `Broker.port`. */
  port: number
  log: Log
  /**
   * Who this is; undefined refuses. The client id is already bound to the user here: it is the user, or `user:` and a
   * suffix, or was left to the broker to choose.
   */
  authenticate(user: string, password: string, clientId: string): P | undefined | Promise<P | undefined>
  mayPublish(principal: P, topic: string): boolean
  /** Compare with `covers`, never by prefix. Filters that begin with `$` are refused before. */
  maySubscribe(principal: P, filter: string): boolean
  /** Holds back the PUBACK until it resolves. When it rejects the connection is closed without one, and the client sends again. Called for the will too. */
  onPublish?(principal: P, topic: string, payload: Buffer, qos: 0 | 1 | 2): Promise<void>
  /** A CONNECT was refused, or a connection ended, for this reason. Whom it names is proved only after login: `principal`. */
  onEnded?(end: { user: string; principal?: P; reason: string }): void
  /** Holds back publishers from outside, and with that their sockets, while what they publish is not settled inside. */
  backpressure?: Backpressure
  limits?: Partial<BrokerLimits>
}

export interface Broker<P> {
  /** @throws when the address is taken. */
  start(): Promise<void>
  stop(): Promise<void>
  /** The port listened on. */
  readonly port: number
  /** A connection from inside the process, already logged in: the client's end of it. */
  attach(principal: P): Duplex
  /** Who is connected. */
  clients(): P[]
  /** Ends the connections of those whose credential has been withdrawn; returns how many. */
  disconnect(where: (principal: P) => boolean): number
}

const refuse = (message: string, returnCode = 5) =>
  Object.assign(new Error(message), { returnCode }) as AuthenticateError

/** Resolves with the promise, or when the time is up. */
function within(promise: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    timer.unref()
    void promise.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

export function createBroker<P>(options: BrokerOptions<P>): Broker<P> {
  const { log } = options
  const limits = { ...brokerLimits, ...options.limits }
  const principals = new WeakMap<Client, P>()
  const attached = new WeakMap<object, P>()
  /** As they came, until they are answered. */
  const connects = new WeakMap<Client, ConnectPacket>()

  const aedes = new Aedes({
    // No limit, so no queue. With one, a single slow subscriber stops the broker for everyone, and the queue behind it is
    // drained by recursion: after a mass disconnect the stack overflows. Publishers are held back by their own connection.
    concurrency: 0,
    connectTimeout: limits.connectTimeoutMs,
    drainTimeout: limits.drainTimeoutMs,
    maxInflightInbound: 20,
    preConnect(client, packet, done) {
      if (packet.clientId.includes('\0') || packet.username?.includes('\0'))
        return done(new Error('NUL in CONNECT'), false)
      connects.set(client, { ...packet })
      // Sessions are clean, whatever was asked: a queue for an absent client has no bound. §3.2.2.2 lets a server have none.
      packet.clean = true
      packet.keepalive ||= limits.keepaliveSeconds
      done(null, true)
    },
    authenticate(client, user = '', password, done) {
      const settle = (principal: P | undefined) => {
        const will = connects.get(client)?.will
        if (principal === undefined) return done(refuse('bad user or password'), null)
        if (will && !allowed(principal, will.topic)) return done(refuse(`may not leave a will on ${will.topic}`), null)
        connects.delete(client)
        principals.set(client, principal)
        done(null, true)
      }
      const inside = attached.get(client.conn)
      if (inside !== undefined) return settle(inside)
      const { clientId, clean = false, keepalive = 0 } = connects.get(client)!
      const fault = connectFault({ clientId, user, clean, keepalive }, limits.keepaliveSeconds)
      if (fault) return done(refuse(fault.reason, fault.returnCode), null)
      Promise.resolve(options.authenticate(user, password?.toString() ?? '', clientId)).then(settle, (err: unknown) => {
        log.error({ err }, 'authentication failed inside')
        settle(undefined)
      })
    },
    authorizePublish(client, packet, done) {
      const principal = client && principals.get(client)
      if (principal === undefined || principal === null) return done(new Error('not logged in'))
      if (!allowed(principal, packet.topic)) return done(new Error(`may not publish on ${packet.topic}`))
      if (packet.qos > 0 && 'messageId' in packet && packet.messageId === 0) return done(new Error('packet id 0'))
      // Nothing is retained: retained messages have no bound, and a late subscriber would take an old state for a new one.
      packet.retain = false
      const publish = () => {
        if (!options.onPublish) return done()
        options.onPublish(principal, packet.topic, Buffer.from(packet.payload), packet.qos).then(
          () => done(),
          (err: unknown) => done(err instanceof Error ? err : new Error(String(err))),
        )
      }
      // Whoever is inside may be what the room waits for.
      const room = attached.has(client!.conn) ? undefined : options.backpressure?.room(packet.topic)
      if (room) void within(room, limits.holdMs).then(publish)
      else publish()
    },
    authorizeSubscribe(client, subscription, done) {
      const principal = principals.get(client)
      const granted =
        principal !== undefined &&
        !subscription.topic.startsWith('$') &&
        options.maySubscribe(principal, subscription.topic)
      // null grants nothing: SUBACK 0x80 for this filter, and the connection stays.
      done(null, granted ? subscription : null)
    },
  })
  const allowed = (principal: P, topic: string) =>
    !topic.startsWith('$') && !topic.includes('\0') && options.mayPublish(principal, topic)

  const ended = (client: Client, { message: reason }: Error) => {
    const [principal, connect] = [principals.get(client), connects.get(client)]
    const user = (connect?.username ?? '').slice(0, 64)
    log.debug({ client: client.id, user, reason }, 'an mqtt connection was refused or ended')
    options.onEnded?.({ user, reason, ...(principal !== undefined && { principal }) })
  }
  aedes.on('clientError', ended)
  aedes.on('connectionError', ended)
  aedes.on('error' as 'closed', ((err: unknown) => log.error({ err }, 'mqtt broker error')) as () => void)

  const connections = new Map<string, number>()
  const accept = (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const open = (connections.get(address) ?? 0) + 1
    if (open > limits.connectionsPerAddress) return void socket.destroy()
    connections.set(address, open)
    socket.once('close', () => {
      const left = (connections.get(address) ?? 1) - 1
      if (left > 0) connections.set(address, left)
      else connections.delete(address)
    })
    socket.setNoDelay(true)
    guardFrames(socket, limits)
    const client = aedes.handle(socket) as Client & { _parser: PacketParser }
    const named = (username: string) => void connects.set(client, { username } as ConnectPacket)
    answerUnspoken(client._parser, (answer) => socket.write(answer), named)
  }

  let server: Server | undefined
  const present = () => Object.values((aedes as unknown as { clients: { [id: string]: Client } }).clients)
  return {
    async start() {
      await aedes.listen()
      server = createServer(accept)
      server.maxConnections = limits.connections
      await new Promise<void>((resolve, reject) => {
        server!.once('error', reject).listen(options.port, options.host, resolve)
      })
    },
    async stop() {
      const closed = server && new Promise((resolve) => server!.close(resolve))
      await new Promise<void>((resolve) => aedes.close(resolve))
      await closed
    },
    get port() {
      const address = server?.address()
      if (!address || typeof address === 'string') throw new Error('the broker does not listen')
      return address.port
    },
    attach(principal) {
      const [near, far] = duplexPair()
      // As a socket would: when one end is gone, so is the other.
      near.once('close', () => far.destroy())
      far.once('close', () => near.destroy())
      attached.set(far, principal)
      if (aedes.closed) far.destroy()
      else {
        // It shares this thread: that it was not read says that the thread was busy, and is no reason to cut it off.
        const client = aedes.handle(far) as Client & { waitForDrain(done: () => void): void }
        client.waitForDrain = (done) => far.once('drain', done)
      }
      return near
    },
    clients: () => present().flatMap((client) => principals.get(client) ?? []),
    disconnect(where) {
      const gone = present().filter((client) => {
        const principal = principals.get(client)
        return principal !== undefined && where(principal)
      })
      for (const client of gone) client.close()
      return gone.length
    },
  }
}
