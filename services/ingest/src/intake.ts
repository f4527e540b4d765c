/**
 * What waits for a commit. Problem: a centre that takes in more than it can commit grows until it falls, and the backlog of one gateway
 * keeps the present of all others waiting. So the queue has bounds, gateways share it in equal parts, and live data goes first. Beyond
 * `hold` the sender's PUBACK is withheld, so that it sends slower; beyond `most` the newest is let go: it was not acknowledged, so
 * its gateway has it on disk and sends it again.
 */
import type { GatewayId } from '@hub/contracts'
import { type Arrival, arrivalOf } from './arrival.ts'
import { GatewayQueue, isBeyond, type Lane, type Size, type Waiting } from './gateway-queue.ts'
import { threadMs } from './group-time.ts'

export type IntakeLimits = {
  /** Of one gateway; one whose oldest batch has waited longer than `ageMs` is held back too. */
  hold: Size & { ageMs: number }
  /** Of one gateway. A batch that comes alone is always taken. */
  most: Size
  /** Of all gateways together. */
  holdAll: Size
  mostAll: Size
}

const mega = 1024 * 1024
/** A gateway has some 40 batches and a megabyte under way at most (`gateway/src/uplink/delivery.ts`): a sound one is rarely let go of anything. */
const intakeLimits: IntakeLimits = {
  hold: { batches: 64, bytes: 2 * mega, ageMs: 2_000 },
  most: { batches: 256, bytes: 8 * mega },
  holdAll: { batches: 2_000, bytes: 24 * mega },
  mostAll: { batches: 8_000, bytes: 48 * mega },
}
/** What was older than this when it came is backlog. A gateway gathers for a second; the rest is for the way, and for a busy centre. */
const liveMs = 10_000
/** While live data waits, one batch in so many is of the backlog, so that it never stands still. */
const backlogEach = 8

export class Intake implements Size {
  readonly #limits: IntakeLimits
  readonly #queues = new Map<GatewayId, GatewayQueue>()
  /** Of what waits and what is being committed: a batch that comes again meanwhile is dropped before anybody decodes it. */
  readonly #named = new Map<string, Waiting>()
  readonly #waiting: Record<Lane, number> = { live: 0, backlog: 0 }
  /** What the gateway served last has had of each lane: one that comes to have something does not make up for the time before. */
  readonly #reached: Record<Lane, number> = { live: 0, backlog: 0 }
  #taken: Waiting[] = []
  #sinceBacklog = 0
  /** Batches that wait, those that are being committed included. */
  batches = 0
  bytes = 0
  /** Batches let go for want of room, since the start. */
  shed = 0
  /** Batches dropped because they waited already, since the start. */
  repeated = 0

  constructor(limits: Partial<IntakeLimits> = {}) {
    this.#limits = { ...intakeLimits, ...limits }
  }

  /** Nothing is left to be taken. */
  get isEmpty(): boolean {
    return this.#waiting.live + this.#waiting.backlog === 0
  }

  /** When the oldest came that waits or is being committed, by the clock of `offer`; null when there is none. */
  get oldestAt(): number | null {
    let oldest = Number.POSITIVE_INFINITY
    for (const { receivedAt } of this.#taken) oldest = Math.min(oldest, receivedAt)
    for (const queue of this.#queues.values()) oldest = Math.min(oldest, queue.oldestAt)
    return Number.isFinite(oldest) ? oldest : null
  }

  /** @returns what the sender is to wait for before it sends more; undefined when it need not */
  offer(gateway: GatewayId, payload: Buffer, now: number): Promise<void> | undefined {
    const arrival = arrivalOf(gateway, payload, now)
    const key = arrival.name && keyOf(arrival)
    const first = key === null ? undefined : this.#named.get(key)
    if (first?.payload.equals(payload)) {
      this.repeated++
      return first.settled?.promise
    }
    const lane = arrival.newestAt !== null && now - arrival.newestAt <= liveMs ? 'live' : 'backlog'
    // Two of one name that differ: which of them counts is for the ledger.
    const waiting: Waiting = { ...arrival, lane, key: first ? null : key, settled: null }
    const queue = this.#put(waiting)
    if (!this.#makeRoom(queue, waiting) || !this.#isToHold(queue, now)) return undefined
    waiting.settled = Promise.withResolvers<void>()
    return waiting.settled.promise
  }

  /**
   * The next ones, as long as the time lasts, but one at least. They stay counted until `settle`.
   * @param ms of work of this thread, from the first one on
   * @param backlog whether what is no live data may have its turn
   */
  *turn(ms: number, backlog = true): Generator<Arrival, void> {
    const until = threadMs() + ms
    do {
      const lane = this.#nextLane(backlog)
      if (!lane) return
      const waiting = this.#next(lane).shift(lane)
      this.#sinceBacklog = lane === 'live' ? this.#sinceBacklog + 1 : 0
      this.#waiting[lane]--
      this.#taken.push(waiting)
      yield waiting
    } while (threadMs() < until)
  }

  /** What was taken is committed, or lost with its transaction: its senders may go on. */
  settle(): void {
    for (const waiting of this.#taken.splice(0)) this.#forget(waiting)
  }

  #put(waiting: Waiting): GatewayQueue {
    const { gateway, lane, key } = waiting
    let queue = this.#queues.get(gateway)
    if (!queue) {
      queue = new GatewayQueue()
      this.#queues.set(gateway, queue)
    }
    if (!queue.has(lane)) queue.served[lane] = Math.max(queue.served[lane], this.#reached[lane])
    queue.push(waiting)
    this.#waiting[lane]++
    this.batches++
    this.bytes += waiting.payload.length
    if (key !== null) this.#named.set(key, waiting)
    return queue
  }

  #forget(waiting: Waiting): void {
    const queue = this.#queues.get(waiting.gateway)!
    queue.done(waiting)
    if (queue.batches === 0) this.#queues.delete(waiting.gateway)
    this.batches--
    this.bytes -= waiting.payload.length
    if (waiting.key !== null) this.#named.delete(waiting.key)
    waiting.settled?.resolve()
  }

  #isToHold(queue: GatewayQueue, now: number): boolean {
    const { hold, holdAll } = this.#limits
    if (isBeyond(queue, hold) || now - queue.oldestAt > hold.ageMs) return true
    // Of all that is too much, those are held back that have more than their part.
    return isBeyond(this, holdAll) && queue.bytes * this.#queues.size >= this.bytes
  }

  /** Lets go of the newest of whoever has most. @returns false when that was the newcomer */
  #makeRoom(own: GatewayQueue, newcomer: Waiting): boolean {
    const { most, mostAll } = this.#limits
    while (own.batches > 1 && (isBeyond(own, most) || isBeyond(this, mostAll))) {
      const last = (isBeyond(own, most) ? own : this.#largest()).pop()
      if (!last) return true
      this.#waiting[last.lane]--
      this.#forget(last)
      this.shed++
      if (last === newcomer) return false
    }
    return true
  }

  /** There is one: the newcomer waits. */
  #largest(): GatewayQueue {
    const queues = [...this.#queues.values()].filter((queue) => queue.has('live') || queue.has('backlog'))
    return queues.reduce((a, b) => (b.bytes > a.bytes ? b : a))
  }

  #nextLane(backlog: boolean): Lane | undefined {
    const { live, backlog: old } = this.#waiting
    if (backlog && old > 0 && (live === 0 || this.#sinceBacklog >= backlogEach - 1)) return 'backlog'
    return live > 0 ? 'live' : undefined
  }

  #next(lane: Lane): GatewayQueue {
    const queues = [...this.#queues.values()].filter((queue) => queue.has(lane))
    const next = queues.reduce((a, b) => (b.served[lane] < a.served[lane] ? b : a))
    this.#reached[lane] = next.served[lane]
    return next
  }
}

const keyOf = ({ gateway, name }: Arrival) => `${gateway}:${name!.epoch}:${name!.seq}`
