/**
 * What has been found, bounded whatever arrives: one entry for each endpoint, a cap of new endpoints a minute and in all,
 * a cap for each responder, and a parse budget that a flood runs into before it costs anything. Pure but for its own
 * state: time comes in with each datagram.
 */
import type { FoundDevice } from '@hub/contracts'
import { type Match, readMessage, readScopes } from './message.ts'
import { judge } from './trust.ts'
import { twinKey } from './twin.ts'

export type RegistryLimits = {
  /** Datagrams read in a second, in all and from one address. */
  perSecond: number
  perSourceSecond: number
  /** Endpoints in all, new ones in a minute, and of one responder (a recorder answers for its channels). */
  endpoints: number
  newPerMinute: number
  perSource: number
  /** An endpoint may move to another address only after its old one was silent this long, milliseconds. */
  moveAfterMs: number
  /** A device that is seen without change is told again this often, milliseconds. */
  repeatMs: number
  /** When there is no place left, an endpoint that was silent this long gives up its own, milliseconds. */
  forgetMs: number
}

export const defaultRegistryLimits: RegistryLimits = {
  perSecond: 4_000,
  perSourceSecond: 50,
  endpoints: 50_000,
  newPerMinute: 20_000,
  perSource: 64,
  moveAfterMs: 60_000,
  repeatMs: 600_000,
  forgetMs: 3_600_000,
}

const counters = {
  datagrams: 0,
  overBudget: 0,
  malformed: 0,
  other: 0,
  /** Matches that answer no Probe of ours. */
  strays: 0,
  overCap: 0,
  conflicts: 0,
  moved: 0,
  byes: 0,
}
export type DiscoveryCounters = typeof counters

type Entry = {
  found: FoundDevice
  toldAt: number
  heardAt: number
  /** Other addresses that answer with its endpoint, by when they were heard. Listed once the first is heard again beside them. */
  twins?: Map<string, { heardAt: number; listed: boolean }>
}

const mostTwins = 8

export class FoundRegistry {
  readonly counters: DiscoveryCounters = { ...counters }
  readonly #limits: RegistryLimits
  readonly #allowLoopback: boolean
  readonly #entries = new Map<string, Entry>()
  readonly #sources = new Map<string, number>()
  #second = 0
  #inSecond = 0
  readonly #bySource = new Map<string, number>()
  #minute = 0
  #newInMinute = 0
  readonly #onHello: (endpoint: string) => void
  readonly #onHeard: (found: FoundDevice) => void
  readonly #isOurs: (relatesTo: string | undefined) => boolean

  /**
   * @param options.isOurs whether a message answers a Probe of ours, by its `RelatesTo`; all do when absent.
   * @param options.onHeard called for whatever is heard, told or not.
   * @param options.onHello called for a known device that announces itself at its known address, changed or not.
   */
  constructor(options: {
    allowLoopback: boolean
    limits?: RegistryLimits
    onHello?: (endpoint: string) => void
    onHeard?: (found: FoundDevice) => void
    isOurs?: (relatesTo: string | undefined) => boolean
  }) {
    this.#onHello = options.onHello ?? (() => {})
    this.#onHeard = options.onHeard ?? (() => {})
    this.#isOurs = options.isOurs ?? (() => true)
    this.#allowLoopback = options.allowLoopback
    this.#limits = options.limits ?? defaultRegistryLimits
  }

  get size(): number {
    return this.#entries.size
  }

  /** Endpoints heard since an instant. */
  heardSince(at: number): number {
    let count = 0
    for (const entry of this.#entries.values()) if (entry.heardAt >= at) count++
    return count
  }

  /** Takes a datagram in and returns the devices that are new, changed, moved, or due to be told again. Never throws. */
  receive(datagram: Buffer, responder: string, now: number): FoundDevice[] {
    this.counters.datagrams++
    if (!this.#withinBudget(responder, now)) {
      this.counters.overBudget++
      return []
    }
    let matches: Match[]
    let hello: boolean
    try {
      const message = readMessage(datagram)
      if (message.kind === 'bye') this.counters.byes++
      if (message.kind === 'other') this.counters.other++
      // A Bye is a statement anybody can make: that a device is gone is for the probe to find.
      if (message.kind === 'bye' || message.kind === 'other') return []
      if (message.kind === 'matches' && !this.#isOurs(message.relatesTo)) {
        this.counters.strays++
        return []
      }
      matches = message.matches
      hello = message.kind === 'hello'
    } catch {
      this.counters.malformed++
      return []
    }
    const told = matches.map((match) => this.#take(match, responder, now)).filter((found) => found !== undefined)
    if (hello)
      for (const { endpoint } of matches)
        if (this.#entries.get(endpoint)?.found.address === responder) this.#onHello(endpoint)
    return told
  }

  /** One that an operator names: what is known of it then, also when that is nothing new. Undefined when there is no place for it. */
  enter(match: Match, responder: string, now: number): FoundDevice | undefined {
    const told = this.#take(match, responder, now)
    return told ?? this.#entries.get(match.endpoint)?.found
  }

  #withinBudget(responder: string, now: number): boolean {
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#inSecond = 0
      this.#bySource.clear()
    }
    if (this.#inSecond >= this.#limits.perSecond) return false
    const ofSource = (this.#bySource.get(responder) ?? 0) + 1
    if (ofSource > this.#limits.perSourceSecond) return false
    this.#bySource.set(responder, ofSource)
    this.#inSecond++
    return true
  }

  #take(match: Match, responder: string, now: number): FoundDevice | undefined {
    const { quarantine, xaddrs } = judge(responder, match.xaddrs, this.#allowLoopback)
    const found: FoundDevice = {
      endpoint: match.endpoint,
      address: responder,
      xaddrs,
      ...readScopes(match.scopes),
      quarantine,
      seenAt: now,
    }
    this.#onHeard(found)
    const entry = this.#entries.get(match.endpoint)
    if (!entry) return this.#add(found, now)
    if (entry.found.address !== responder) {
      // Two devices claim one endpoint: while the known one is heard, it has not moved.
      if (now - entry.heardAt < this.#limits.moveAfterMs) return this.#twin(entry, found, now)
      if (!this.#claim(responder)) {
        this.counters.conflicts++
        return undefined
      }
      this.counters.moved++
      this.#release(entry.found.address)
      this.#drop(twinKey(match.endpoint, responder))
      delete entry.twins
    } else if (this.#hasTwin(entry, now) && quarantine === 'new') found.quarantine = 'endpoint-conflict'
    return this.#tell(entry, found, now)
  }

  /** Another address answers with the endpoint of a device that is heard too: a copy of it, or an impostor, or it is moving just now. */
  #twin(entry: Entry, found: FoundDevice, now: number): FoundDevice | undefined {
    this.counters.conflicts++
    entry.twins ??= new Map()
    const twin = entry.twins.get(found.address)
    if (!twin && entry.twins.size >= mostTwins) return undefined
    const listed = twin?.listed ?? false
    entry.twins.set(found.address, { heardAt: now, listed })
    if (!listed) return undefined
    const key = twinKey(found.endpoint, found.address)
    const { quarantine } = found
    const copy = {
      ...found,
      endpoint: key,
      quarantine: quarantine === 'new' ? 'endpoint-conflict' : quarantine,
    } as const
    const known = this.#entries.get(key)
    return known ? this.#tell(known, copy, now) : this.#add(copy, now)
  }

  /** The first is heard beside others: then it is not they that it has moved to. */
  #hasTwin({ twins }: Entry, now: number): boolean {
    if (!twins) return false
    for (const [address, twin] of twins)
      if (now - twin.heardAt >= this.#limits.moveAfterMs) twins.delete(address)
      else twin.listed = true
    return twins.size > 0
  }

  #tell(entry: Entry, found: FoundDevice, now: number): FoundDevice | undefined {
    const same = unchanged(entry.found, found) && now - entry.toldAt < this.#limits.repeatMs
    entry.found = found
    entry.heardAt = now
    if (same) return undefined
    entry.toldAt = now
    return found
  }

  #add(found: FoundDevice, now: number): FoundDevice | undefined {
    const minute = Math.floor(now / 60_000)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#newInMinute = 0
      if (this.#entries.size >= this.#limits.endpoints) this.#forget(now)
    }
    const full = this.#entries.size >= this.#limits.endpoints || this.#newInMinute >= this.#limits.newPerMinute
    if (full || !this.#claim(found.address)) {
      this.counters.overCap++
      return undefined
    }
    this.#newInMinute++
    this.#entries.set(found.endpoint, { found, toldAt: now, heardAt: now })
    return found
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#release(entry.found.address)
  }

  /** A flood of forged endpoints must not keep real ones out for ever. */
  #forget(now: number): void {
    for (const [endpoint, { found, heardAt }] of this.#entries)
      if (now - heardAt > this.#limits.forgetMs) {
        this.#entries.delete(endpoint)
        this.#release(found.address)
      }
  }

  #claim(address: string): boolean {
    const held = this.#sources.get(address) ?? 0
    if (held >= this.#limits.perSource) return false
    this.#sources.set(address, held + 1)
    return true
  }

  #release(address: string): void {
    const held = this.#sources.get(address) ?? 0
    if (held > 1) this.#sources.set(address, held - 1)
    else this.#sources.delete(address)
  }
}

const unchanged = (a: FoundDevice, b: FoundDevice): boolean =>
  a.address === b.address &&
  a.quarantine === b.quarantine &&
  a.name === b.name &&
  a.hardware === b.hardware &&
  a.location === b.location &&
  a.project === b.project &&
  a.mac === b.mac &&
  a.serial === b.serial &&
  a.xaddrs.join(' ') === b.xaddrs.join(' ')
