/**
 * Gets batches from the spool to the centre: a new one at once (live first), the backlog oldest first within a window, each again after a
 * back-off until it is acknowledged. Holds nothing but which seqs are under way; the spool is the truth.
 */
import type { Ack } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import type { Spool, StoredBatch } from '../spool/spool.ts'
import { resendDelay } from './backoff.ts'
import type { Exchange } from './offset.ts'

/**
 * Backlog batches unacknowledged at a time, and their bytes. The centre commits together what comes together, and derives the past of a
 * device once for all its late looks of one commit: a wide window spares it work. A wider one keeps live looks waiting for that commit
 * (64 batches: four times as long as 8, and sent again before they were acknowledged; `npm run bench -- backfill`).
 */
const windowSize = 32
const windowBytes = 1_000_000
/** Live batches may go beyond the window, so that a slow backlog does not delay them, but not without bound. */
const liveBeyond = 8

export type DeliveryOptions = {
  clock: Clock
  /** Milliseconds of a counter that no correction of the clock moves. */
  monotonic(): number
  spool: Spool
  /** Hands the bytes to the bus. Its failure is nothing: the back-off sends again. */
  send(payload: Uint8Array): Promise<void>
  random(): number
  /** A first-try acknowledgement: what the clock offset is measured with (Karn: a resent one is ambiguous). */
  onExchange(exchange: Exchange): void
  /** The centre acknowledges again after at least one batch had to be resent. */
  onCentreBack(): void
}

export type DeliveryStats = {
  sent: number
  resent: number
  acknowledged: number
  unknownAcks: number
  inFlight: number
}

export interface Delivery {
  /** The bus is up or down. Down forgets what is under way: it is in the spool. */
  connection(up: boolean): void
  acknowledge(ack: Ack): void
  stats(): DeliveryStats
  stop(): void
}

type InFlight = { sentAt: number; attempt: number; bytes: number; cancel: () => void }

export function createDelivery(options: DeliveryOptions): Delivery {
  const { clock, monotonic, spool, random } = options
  const inFlight = new Map<number, InFlight>()
  const stats = { sent: 0, resent: 0, acknowledged: 0, unknownAcks: 0 }
  let bytes = 0
  let up = false
  let centreQuiet = false
  const isFull = () => inFlight.size >= windowSize || bytes >= windowBytes

  const transmit = (seq: number, payload: Uint8Array, attempt: number) => {
    const sentAt = monotonic()
    const cancel = clock.after(resendDelay(attempt, random()), () => resend(seq, attempt))
    inFlight.set(seq, { sentAt, attempt, bytes: payload.length, cancel })
    bytes += payload.length
    stats.sent += 1
    if (attempt > 1) stats.resent += 1
    options.send(payload).catch(() => {})
  }

  /** @returns what was under way, which no longer is. */
  const end = (seq: number) => {
    const flight = inFlight.get(seq)
    if (!flight) return undefined
    inFlight.delete(seq)
    bytes -= flight.bytes
    flight.cancel()
    return flight
  }

  const resend = (seq: number, attempt: number) => {
    centreQuiet = true
    end(seq)
    const payload = spool.payload(seq)
    if (payload) transmit(seq, payload, attempt + 1)
    else fill() // it was shed meanwhile
  }

  /** Fills the window from the oldest end of the spool. */
  const fill = () => {
    if (!up || isFull()) return
    for (const seq of spool.waiting(windowSize + inFlight.size)) {
      if (isFull()) return
      if (inFlight.has(seq)) continue
      const payload = spool.payload(seq)
      if (payload) transmit(seq, payload, 1)
    }
  }

  const forget = () => {
    for (const seq of inFlight.keys()) end(seq)
  }

  const unsubscribe = spool.onBatch(({ seq, payload }: StoredBatch) => {
    if (up && inFlight.size < windowSize + liveBeyond) transmit(seq, payload, 1)
  })

  return {
    connection(now) {
      up = now
      forget()
      fill()
    },
    acknowledge(ack) {
      const receivedAt = monotonic()
      if (!spool.acknowledge(ack.epoch, ack.seq)) {
        stats.unknownAcks += 1
        return
      }
      stats.acknowledged += 1
      const flight = end(ack.seq)
      if (flight?.attempt === 1) options.onExchange({ sentAt: flight.sentAt, centreAt: ack.at, receivedAt })
      if (centreQuiet) {
        centreQuiet = false
        options.onCentreBack()
      }
      fill()
    },
    stats: () => ({ ...stats, inFlight: inFlight.size }),
    stop() {
      unsubscribe()
      up = false
      forget()
    },
  }
}
