/** The Bus over MQTT 3.1.1: mqtt.js, by TCP to any broker, or inside the process through a pair of streams into ours. */
import type { Duplex } from 'node:stream'
import { type Backpressure, filterMatches } from '@hub/core'
import mqtt, { type IClientOptions, MqttClient } from 'mqtt'
import type { Log } from '../log.ts'
import { manualAck } from './manual-ack.ts'
import './packet-lengths.ts'
import type { Bus, Message } from './port.ts'

type BusOptions = {
  log: Log
  clientId: string
  user?: string | undefined
  password?: string | undefined
  /** Published by the broker when the connection is lost. */
  will?: Message
  /** Told of every message whose handlers have not settled. */
  backpressure?: Backpressure
} & (
  | { /** `mqtt://host:port` */ url: string }
  | { /** A broker in this process: a new connection to it. */ connect: () => Duplex }
)

const firstReconnectMs = 250
const lastReconnectMs = 15_000

/** Returns at once: publishing and subscribing wait for the connection, which is made and kept in the background. */
export function connectBus(options: BusOptions): Bus {
  const settings: IClientOptions = {
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: options.clientId,
    ...(options.user !== undefined && { username: options.user }),
    ...(options.password !== undefined && { password: options.password }),
    ...(options.will && { will: { ...options.will, qos: 1, retain: false } }),
    keepalive: 15,
    connectTimeout: 10_000,
    reconnectPeriod: firstReconnectMs,
    // A refused login is retried like a lost connection: the credential may be put right at the other end.
    reconnectOnConnackError: true,
    // The table below is subscribed again at each connection, also when the first one failed.
    resubscribe: false,
    // mqtt.js formats a debug line several times a packet, whether anyone reads it or not.
    log: () => {},
    // It would keep a buffer for each of the 65,536 numbers of a packet: 7 MB.
    writeCache: false,
  }
  const client =
    'url' in options
      ? mqtt.connect(options.url, settings)
      : new MqttClient(() => options.connect() as ReturnType<ConstructorParameters<typeof MqttClient>[0]>, settings)
  return new MqttBus(client, options.log, options.backpressure)
}

type Handler = (message: Message) => void | Promise<void>
type Subscription = { handlers: Set<Handler>; granted: PromiseWithResolvers<void> }

class MqttBus implements Bus {
  readonly #client: MqttClient
  readonly #log: Log
  readonly #backpressure: Backpressure | undefined
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #listeners = new Set<(connected: boolean) => void>()
  /** What waits for the broker: failed at close, since mqtt.js would leave it waiting. */
  readonly #waiting = new Set<(reason: Error) => void>()
  #connected = false
  #closed = false

  constructor(client: MqttClient, log: Log, backpressure?: Backpressure) {
    this.#client = client
    this.#log = log
    this.#backpressure = backpressure
    manualAck(client, (message) => this.#deliver(message))
    client.on('connect', () => {
      client.options.reconnectPeriod = firstReconnectMs
      for (const [filter, subscription] of this.#subscriptions) this.#ask(filter, subscription)
      this.#set(true)
    })
    client.on('close', () => {
      // Doubled and jittered, so that a broker that comes back is not met by everyone at once.
      const longer = Math.min(lastReconnectMs, (client.options.reconnectPeriod ?? firstReconnectMs) * 2)
      client.options.reconnectPeriod = longer * (0.75 + Math.random() / 4)
      this.#set(false)
    })
    client.on('error', (err) => log.warn({ err: err.message }, 'bus connection'))
  }

  get connected(): boolean {
    return this.#connected
  }

  onConnection(listener: (connected: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  publish(topic: string, payload: Buffer | string): Promise<void> {
    const { promise, resolve, reject } = this.#wait()
    this.#client.publish(topic, payload, { qos: 1 }, (err) => (err ? reject(err) : resolve()))
    return promise
  }

  async subscribe(filter: string, handler: Handler): Promise<() => Promise<void>> {
    let subscription = this.#subscriptions.get(filter)
    if (!subscription) {
      subscription = { handlers: new Set(), granted: this.#wait() }
      this.#subscriptions.set(filter, subscription)
      if (this.#connected) this.#ask(filter, subscription)
    }
    subscription.handlers.add(handler)
    await subscription.granted.promise
    return () => this.#unsubscribe(filter, handler)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const reject of this.#waiting) reject(new Error('the bus is closed'))
    this.#set(false)
    await this.#client.endAsync(!this.#client.connected)
  }

  async #unsubscribe(filter: string, handler: Handler): Promise<void> {
    const subscription = this.#subscriptions.get(filter)
    if (!subscription?.handlers.delete(handler) || subscription.handlers.size > 0) return
    this.#subscriptions.delete(filter)
    // Without a connection there is nothing to take back: sessions are clean.
    if (this.#connected) await this.#client.unsubscribeAsync(filter).catch(() => {})
  }

  #ask(filter: string, subscription: Subscription): void {
    this.#client.subscribe(filter, { qos: 1 }, (err) => {
      if (!err) return subscription.granted.resolve()
      // Lost connection: the next one asks again. Otherwise the broker refused.
      if (!this.#connected) return
      this.#log.error({ filter, err: err.message }, 'bus subscription refused')
      subscription.granted.reject(err)
      this.#subscriptions.delete(filter)
    })
  }

  async #deliver(message: Message): Promise<void> {
    const run = async (handler: Handler) => {
      try {
        await handler(message)
      } catch (err) {
        this.#log.error({ err, topic: message.topic }, 'a bus handler failed')
      }
    }
    const due: Handler[] = []
    for (const [filter, { handlers }] of this.#subscriptions)
      if (filterMatches(filter, message.topic)) due.push(...handlers)
    const settled = this.#backpressure?.begin(message.topic, message.payload.length)
    await Promise.all(due.map(run))
    settled?.()
  }

  #set(connected: boolean): void {
    if (this.#connected === connected) return
    this.#connected = connected
    for (const listener of this.#listeners) listener(connected)
  }

  #wait(): PromiseWithResolvers<void> {
    const waiting = Promise.withResolvers<void>()
    const forget = () => void this.#waiting.delete(waiting.reject)
    waiting.promise.then(forget, forget)
    if (this.#closed) waiting.reject(new Error('the bus is closed'))
    else this.#waiting.add(waiting.reject)
    return waiting
  }
}
