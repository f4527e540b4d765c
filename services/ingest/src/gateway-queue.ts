/** The batches of one gateway that wait, live data apart from backlog, each in the order in which they came. */
import type { Arrival } from './arrival.ts'

export type Lane = 'live' | 'backlog'
export type Waiting = Arrival & {
  lane: Lane
  /** Its name among all gateways; null where the bytes do not say it. */
  key: string | null
  /** For a sender that is held back until this one is committed. */
  settled: PromiseWithResolvers<void> | null
}
export type Size = { batches: number; bytes: number }
export const isBeyond = (size: Size, most: Size): boolean => size.batches > most.batches || size.bytes > most.bytes

export class GatewayQueue implements Size {
  readonly #lanes: Record<Lane, Waiting[]> = { live: [], backlog: [] }
  /** Bytes that it has had of each lane: who has had least is next. */
  readonly served: Record<Lane, number> = { live: 0, backlog: 0 }
  /** With those that have been taken and are not done. */
  batches = 0
  bytes = 0

  has = (lane: Lane): boolean => this.#lanes[lane].length > 0

  /** When the first of those that wait came; infinite when none waits. */
  get oldestAt(): number {
    const { live, backlog } = this.#lanes
    return Math.min(live[0]?.receivedAt ?? Number.POSITIVE_INFINITY, backlog[0]?.receivedAt ?? Number.POSITIVE_INFINITY)
  }

  push(waiting: Waiting): void {
    this.#lanes[waiting.lane].push(waiting)
    this.batches++
    this.bytes += waiting.payload.length
  }

  /** It stays counted until `done`. */
  shift(lane: Lane): Waiting {
    const waiting = this.#lanes[lane].shift()!
    this.served[lane] += waiting.payload.length
    return waiting
  }

  /** The newest that may be let go: of the backlog if there is any. It stays counted until `done`. */
  pop(): Waiting | undefined {
    return this.#lanes.backlog.pop() ?? this.#lanes.live.pop()
  }

  done({ payload }: Waiting): void {
    this.batches--
    this.bytes -= payload.length
  }
}
