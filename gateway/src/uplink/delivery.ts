/**
 * Gets batches from the spool to the centre: a new one first, the backlog oldest first in what room is left, and no more under way than the
 * window holds. The spool is the truth; here is only which seqs are under way.
 *
 * No batch is under way twice. While the bus has not taken one (PUBACK), the bus sends it, also over the next connection. What the bus has
 * taken is sent again when the connection was lost, when the centre has acknowledged one that was sent much later, or when
 * nothing was heard of it for long; and of those only one until the centre is heard again.
 */
import type { Ack } from '@hub/contracts'
import type { Clock } from '@hub/platform'
import type { Spool, StoredBatch } from '../spool/spool.ts'
import { type AckTimes, ackTimeout, measured, patience } from './backoff.ts'
import type { Exchange } from './offset.ts'

/**
 * Backlog batches unacknowledged at a time, and their bytes. The centre commits together what comes together, and derives the past of a
 * device once for all its late observations of one commit: a wide window spares it work. A wider one keeps live observations waiting for that commit
 * (64 batches: four times as long as 8, and sent again before they were acknowledged; `npm run bench -- backfill`).
 */
const backlogSize = 32
const windowBytes = 1_000_000
/** Room that a backlog never takes: what is new finds a place while the centre keeps up. New ones that find none wait here for one, the latest of them. */
const liveSize = 8
const windowSize = backlogSize + liveSize
/** Acknowledgement timeouts by which a new batch may overtake one of the backlog. */
const acrossKinds = 3
/** After the bus has refused one. */
const retryMs = 1_000

export type DeliveryOptions = {
  clock: Clock
  /** Milliseconds of a counter that no correction of the clock moves. */
  monotonic(): number
  spool: Spool
  /** Hands the bytes to the bus; resolves when the broker has taken them. While that is open the bus sends them itself, over any connection. */
  send(batch: StoredBatch): Promise<void>
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
  /** Of these, not taken by the broker yet: more than a few say that it holds us back. */
  untaken: number
  /** Within which an acknowledgement comes, as things are, ms. */
  ackTimeoutMs: number
}

export interface Delivery {
  /** The bus is up or down. What the bus had taken is sent again over the next connection. */
  connection(up: boolean): void
  acknowledge(ack: Ack): void
  stats(): DeliveryStats
  stop(): void
}

type Flight = {
  live: boolean
  /** Of the counter. The first sending tells what was acknowledged in order; also of one that was sent again, whichever arrived. */
  firstSentAt: number
  sentAt: number
  attempt: number
  bytes: number
  /** The bus has it no longer: the broker has. */
  taken: boolean
  /**
   * The bus sent it again over a later connection, as it does before anything else there: its acknowledgement may have come before we listened
   * for it. Until it is sent again by us it is not left alone for long.
   */
  crossed: boolean
  cancel: () => void
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { clock, monotonic, spool, random } = options
  const flights = new Map<number, Flight>()
  /** New ones that found no room, oldest first. */
  const waitingLive: number[] = []
  const stats = { sent: 0, resent: 0, acknowledged: 0, unknownAcks: 0 }
  let times: AckTimes | undefined
  let bytes = 0
  let backlog = 0
  let up = false
  let centreQuiet = false
  /** That was sent again and not answered: if the centre is away, one batch now and then is enough to find it back. */
  let asking: number | undefined

  const transmit = (seq: number, payload: Uint8Array, live: boolean, before?: Flight) => {
    const now = monotonic()
    const flight: Flight = {
      live,
      firstSentAt: before?.firstSentAt ?? now,
      sentAt: now,
      attempt: (before?.attempt ?? 0) + 1,
      bytes: payload.length,
      taken: false,
      crossed: false,
      cancel: () => {},
    }
    flights.set(seq, flight)
    bytes += flight.bytes
    if (!live) backlog++
    stats.sent += 1
    if (before) stats.resent += 1
    const isStill = () => flights.get(seq) === flight
    options.send({ seq, payload }).then(
      () => {
        if (!isStill()) return
        flight.taken = true
        watch(seq, flight)
      },
      // The bus has given it up: it is where it always was, in the spool.
      () => {
        if (!isStill()) return
        end(seq)
        clock.after(retryMs, fill)
      },
    )
  }

  /** From when the broker has it. What was learnt of the centre meanwhile counts: one that has become slow is given the time. */
  const watch = (seq: number, flight: Flight) => {
    const [since, entropy] = [monotonic(), random()]
    const wait = () => {
      const ms = flight.crossed ? ackTimeout(times) : patience(flight.attempt, times, entropy)
      const left = since + ms - monotonic()
      flight.cancel = clock.after(left, left > 0 ? wait : late)
    }
    const late = () => {
      if (!up) return void end(seq)
      const isAsked = asking !== undefined && asking !== seq && flights.has(asking)
      if (isAsked && !flight.crossed) return watch(seq, flight)
      asking = seq
      centreQuiet = true
      resend(seq)
    }
    wait()
  }

  /** @returns what was under way, which no longer is. */
  const end = (seq: number) => {
    const flight = flights.get(seq)
    if (!flight) return undefined
    flights.delete(seq)
    bytes -= flight.bytes
    if (!flight.live) backlog--
    flight.cancel()
    return flight
  }

  const resend = (seq: number) => {
    const before = end(seq)
    const payload = spool.payload(seq)
    if (before && payload) transmit(seq, payload, before.live, before)
    else fill() // it was shed meanwhile
  }

  /** Takes the room there is: for the new ones first, then for the oldest of the spool. */
  const fill = () => {
    while (up && flights.size < windowSize && waitingLive.length > 0) {
      const seq = waitingLive.shift()!
      const payload = flights.has(seq) ? undefined : spool.payload(seq)
      if (payload) transmit(seq, payload, true)
    }
    const isFull = () => backlog >= backlogSize || flights.size >= windowSize || bytes >= windowBytes
    if (!up || isFull()) return
    for (const seq of spool.waiting(windowSize + flights.size)) {
      if (isFull()) return
      if (flights.has(seq)) continue
      const payload = spool.payload(seq)
      if (payload) transmit(seq, payload, false)
    }
  }

  /**
   * What was sent long before one that has been acknowledged has been lost at the centre: it takes batches of a kind in the order in which they
   * come. It may take new ones before old ones, so an old one is given longer against a new one.
   */
  const resendOvertaken = ({ live, firstSentAt }: Flight) => {
    const timeout = ackTimeout(times)
    const isOvertaken = (flight: Flight) =>
      flight.taken && flight.sentAt < firstSentAt - timeout * (live && !flight.live ? acrossKinds : 1)
    for (const [seq, flight] of [...flights]) if (isOvertaken(flight)) resend(seq)
  }

  const unsubscribe = spool.onBatch(({ seq, payload }: StoredBatch) => {
    if (!up) return
    if (flights.size < windowSize) return transmit(seq, payload, true)
    waitingLive.push(seq)
    // The rest is backlog: it is in the spool.
    if (waitingLive.length > liveSize) waitingLive.shift()
  })

  return {
    connection(now) {
      up = now
      asking = undefined
      waitingLive.length = 0
      if (!now)
        for (const [seq, flight] of [...flights])
          if (flight.taken) end(seq)
          else flight.crossed = true
      fill()
    },
    acknowledge(ack) {
      const receivedAt = monotonic()
      if (!spool.acknowledge(ack.epoch, ack.seq)) {
        stats.unknownAcks += 1
        return
      }
      stats.acknowledged += 1
      asking = undefined
      const flight = end(ack.seq)
      if (flight) {
        // Of one that was sent again: an answer that was not quick is a slow one to the first sending.
        const isSlow = flight.attempt > 1 && receivedAt - flight.sentAt > ackTimeout(times)
        const isPlain = flight.attempt === 1 && !flight.crossed
        if (isPlain || isSlow) times = measured(times, receivedAt - flight.firstSentAt)
        if (isPlain) options.onExchange({ sentAt: flight.sentAt, centreAt: ack.at, receivedAt })
        resendOvertaken(flight)
      }
      if (centreQuiet) {
        centreQuiet = false
        options.onCentreBack()
      }
      fill()
    },
    stats: () => ({
      ...stats,
      inFlight: flights.size,
      untaken: [...flights.values()].filter(({ taken }) => !taken).length,
      ackTimeoutMs: Math.round(ackTimeout(times)),
    }),
    stop() {
      unsubscribe()
      up = false
      for (const seq of flights.keys()) end(seq)
    },
  }
}
