/**
 * Finds cameras by WS-Discovery: a round asks the multicast group on each interface and then every address of the
 * ranges, at a limited rate. It opens no connection to what it finds and sends no login: that waits for an operator.
 */
import { randomUUID } from 'node:crypto'
import { type FoundDevice, type GatewayStatus, HubError } from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import { askByAddress } from './by-address.ts'
import { probeMessage } from './message.ts'
import { addressesOf, countOf, parseRange } from './ranges.ts'
import { type DiscoveryCounters, defaultRegistryLimits, FoundRegistry, type RegistryLimits } from './registry.ts'
import { type DiscoverySockets, openSockets } from './sockets.ts'

export type DiscoveryConfig = {
  /** Addresses of the interfaces to ask by; the system's choice when empty. */
  interfaces: readonly string[]
  multicast: boolean
  /** CIDR ranges whose every address is asked. */
  ranges: readonly string[]
  everySeconds: number
  /** For simulators on 127/8. */
  allowLoopback: boolean
  packetsPerSecond: number
}

export type DiscoveryOptions = {
  clock: Clock
  log: Log
  config: DiscoveryConfig
  onFound(found: FoundDevice): void
  /** A known device announces itself again: it has probably booted. */
  onHello?(endpoint: string): void
  /** Whatever is heard, found or known: which endpoint answers at which address now. */
  onHeard?(found: FoundDevice): void
  /** For tests: how long answers are waited for, the UDP port, the bounds, the identifier of each message. */
  settleMs?: number
  port?: number
  limits?: RegistryLimits
  newId?: () => string
}

export type DiscoveryProgress = NonNullable<GatewayStatus['discovery']>

export interface Discovery {
  start(): Promise<void>
  stop(): Promise<void>
  /** Asks once more, or joins the round that is under way. Resolves when the answers are in. */
  discoverNow(): Promise<{ found: number }>
  /**
   * Takes in one device by its address, for those that answer no Probe. It is asked without a login, and waits for approval like any other.
   * @throws HubError command.failed when nothing answers there, or the address may not be used
   */
  add(xaddr: string): Promise<FoundDevice>
  /** Of the round under way, or of the last one. */
  progress(): DiscoveryProgress
  counters(): DiscoveryCounters
}

/** A camera may wait up to APP_MAX_DELAY (500 ms) before it answers a multicast Probe; slow ones take longer. */
const defaultSettleMs = 2_000
/** SOAP-over-UDP 3.1: a multicast message is repeated, for a lost one is not noticed. */
const repeatMs = 150
const sweepTickMs = 20

/** Throws `config.invalid` when a range is not one. */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { clock, log, config, settleMs = defaultSettleMs } = options
  const newId = options.newId ?? randomUUID
  const ranges = config.ranges.map((range) => parseRange(range))
  // A camera that answers to one kind of Probe alone is heard in every second round.
  const limits = options.limits ?? { ...defaultRegistryLimits, moveAfterMs: 3_000 * config.everySeconds }
  const onHello = (endpoint: string) => options.onHello?.(endpoint)
  const onHeard = (found: FoundDevice) => options.onHeard?.(found)
  /** Of the Probes of this round and of the last one: a slow answer to that is one too. */
  let [asking, askedBefore] = [new Set<string>(), new Set<string>()]
  const isOurs = (id = '') => asking.has(id) || askedBefore.has(id)
  const message = (isTyped: boolean) => {
    const id = newId()
    asking.add(id.toLowerCase())
    return probeMessage(id, isTyped)
  }
  const registry = new FoundRegistry({ allowLoopback: config.allowLoopback, limits, onHello, onHeard, isOurs })
  const progress: DiscoveryProgress = {
    asked: 0,
    toAsk: countOf(ranges),
    found: 0,
    startedAt: null,
    endedAt: null,
  }
  /** Some cameras answer only to one kind of Probe. An address is asked once a round, by one kind and then by the other. */
  let typed = false
  let starting: Promise<DiscoverySockets> | undefined
  let sockets: DiscoverySockets | undefined
  let round: Promise<{ found: number }> | undefined
  let cancelEvery = () => {}
  const waits = new Set<() => void>()

  /** Resolves after `ms`, or at once when discovery stops. */
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        cancel()
        waits.delete(done)
        resolve()
      }
      const cancel = clock.after(ms, done)
      waits.add(done)
    })

  function onDatagram(datagram: Buffer, responder: string): void {
    for (const found of registry.receive(datagram, responder, clock.now())) options.onFound(found)
  }

  async function sweep(): Promise<void> {
    // One for all of them: no device hears it twice.
    const question = message(typed)
    let tickAt = clock.now()
    let due = 0
    for (const address of addressesOf(ranges)) {
      // What a pause has held up is not made up for: a burst would overflow the buffers of whom it is for.
      for (due += 1; due > (config.packetsPerSecond * sweepTickMs) / 1000 && sockets; ) {
        await wait(sweepTickMs)
        const now = clock.now()
        due = Math.max(0, due - (config.packetsPerSecond * Math.min(now - tickAt, 2 * sweepTickMs)) / 1000)
        tickAt = now
      }
      if (!sockets) return
      sockets.unicast(question, address)
      progress.asked++
    }
  }

  async function ask(): Promise<{ found: number }> {
    const startedAt = clock.now()
    Object.assign(progress, { asked: 0, startedAt, endedAt: null })
    typed = !typed
    ;[asking, askedBefore] = [new Set(), asking]
    sockets?.multicast(message(true))
    await wait(repeatMs)
    sockets?.multicast(message(false))
    await sweep()
    await wait(settleMs)
    progress.found = registry.heardSince(startedAt)
    progress.endedAt = clock.now()
    log.info({ ...progress, ...registry.counters }, 'discovery round')
    return { found: progress.found }
  }

  function discoverNow(): Promise<{ found: number }> {
    round ??= ask().finally(() => {
      round = undefined
    })
    return round
  }

  return {
    async start() {
      starting = openSockets({ ...config, log, onDatagram, ...(options.port !== undefined && { port: options.port }) })
      sockets = await starting
      void discoverNow()
      cancelEvery = clock.every(config.everySeconds * 1000, () => void discoverNow())
    },
    async stop() {
      await starting
      cancelEvery()
      const closing = sockets
      sockets = undefined
      for (const done of [...waits]) done()
      await round
      await closing?.close()
    },
    discoverNow,
    async add(xaddr) {
      const named = await askByAddress({ clock, xaddr, allowLoopback: config.allowLoopback })
      const found = registry.enter(named.match, named.host, clock.now())
      if (!found)
        throw new HubError('command.failed', { field: 'add-camera', limit: 'too many devices are found there' })
      options.onFound(found)
      return found
    },
    progress: () => ({ ...progress, found: registry.size }),
    counters: () => ({ ...registry.counters }),
  }
}
