/**
 * What the hub hears of its gateways, and how far behind it is with that. Deterministic, without clock or I/O: samples and commits come in,
 * the state and the bound of silence go out. Held in one object because it is asked for every device that may be stale.
 */
import type { GatewayId } from '@hub/contracts'
import { assessLag, type LagPolicy, type LagSample, type LagState, notBehind } from './behind.ts'
import { committed, deafened, type Hearing, heardAgain, heardUntil, newHearing } from './hearing.ts'
import type { DeviceHealth } from './types.ts'

export class Reception {
  readonly #policy: LagPolicy
  readonly #staleAfter: number
  readonly #gateways = new Map<GatewayId, Hearing>()
  /** Of gateways that were not heard of yet. */
  #others: Hearing = newHearing
  /** When the process was held up last. */
  #stall = { from: Number.NEGATIVE_INFINITY, until: Number.NEGATIVE_INFINITY }
  #state = notBehind

  /** @param staleAfter of the health policy */
  constructor(policy: LagPolicy, staleAfter: number) {
    this.#policy = policy
    this.#staleAfter = staleAfter
  }

  get state(): LagState {
    return this.#state
  }

  get isBehind(): boolean {
    return this.#state.since !== null
  }

  /** How old what is committed of each gateway was, ms. */
  *lags(): Generator<[gateway: GatewayId, lagMs: number]> {
    for (const [gateway, { lagMs }] of this.#gateways) yield [gateway, lagMs]
  }

  /** The process was held up since `from`, as a timer tells that ran now. Saying it again, with a later now, does no harm. */
  stalled(from: number, now: number): void {
    this.#stall = { from: from <= this.#stall.until ? Math.min(from, this.#stall.from) : from, until: now }
    this.#deafen(from, now)
  }

  /** A commit of observations of a gateway. @param newestAt see `committed` */
  committed(gateway: GatewayId, newestAt: number | null, now: number): void {
    const hearing = committed(this.#of(gateway), newestAt, now)
    const isHeard = !this.isBehind && newestAt !== null && newestAt >= hearing.heardFrom
    this.#gateways.set(gateway, isHeard ? heardAgain(hearing, now) : hearing)
  }

  /** What a gateway says of itself. */
  late(gateway: GatewayId, lateMs: number): void {
    this.#gateways.set(gateway, { ...this.#of(gateway), lateMs })
  }

  /** About once a second. See `LagSample`. */
  sample(now: number, { lateMs, cutMs, waitingMs }: Pick<LagSample, 'lateMs' | 'cutMs' | 'waitingMs'>): LagState {
    if (cutMs > 0) this.stalled(now - cutMs, now)
    const sample = { now, lateMs, cutMs, waitingMs, awaitedMs: this.#awaitedMs(now), deliveryMs: this.#deliveryMs(now) }
    this.#state = assessLag(this.#state, sample, this.#policy)
    if (this.isBehind) this.#deafen(now - this.#state.behindMs, now)
    else
      this.#each((hearing) => (now - hearing.awaitedFrom >= this.#policy.graceMs ? heardAgain(hearing, now) : hearing))
    return this.#state
  }

  /** The instant up to which silence of a device is known that is behind one of these gateways. */
  heardUntil(gateways: Iterable<GatewayId>, health: Pick<DeviceHealth, 'lastAt' | 'freshUntil'>, now: number): number {
    // While the hub is behind nothing is known of silence.
    if (this.isBehind) return Number.NEGATIVE_INFINITY
    let until = now
    for (const gateway of gateways)
      until = Math.min(until, heardUntil(this.#of(gateway), health, this.#staleAfter, now))
    return until
  }

  #of(gateway: GatewayId): Hearing {
    return this.#gateways.get(gateway) ?? this.#others
  }

  #each(change: (hearing: Hearing) => Hearing): void {
    this.#others = change(this.#others)
    for (const [gateway, hearing] of this.#gateways) this.#gateways.set(gateway, change(hearing))
  }

  #deafen(from: number, now: number): void {
    this.#each((hearing) => deafened(hearing, from, now))
  }

  /** A gateway that had already been silent before the stall is not waited for, nor is any beyond the grace. */
  #awaitedMs(now: number): number {
    const { from, until } = this.#stall
    if (now - until >= this.#policy.graceMs) return 0
    let most = 0
    for (const { newestAt, committedAt } of this.#gateways.values())
      if (newestAt !== null && committedAt !== null && newestAt < until && committedAt >= from - this.#policy.aboveMs)
        most = Math.max(most, now - newestAt)
    return most
  }

  /** So late is more than half of the gateways from which something came lately: of a gateway that is silent nothing is late. */
  #deliveryMs(now: number): number {
    const lags = [...this.#gateways.values()]
      .filter(({ committedAt }) => committedAt !== null && now - committedAt <= this.#policy.aboveMs)
      .map(({ lagMs }) => lagMs)
      .sort((a, b) => a - b)
    return lags[Math.floor((lags.length - 1) / 2)] ?? 0
  }
}
