/**
 * One sensor as the field broker knows it: what of its messages becomes observations, and what people may ask about it. Without I/O and
 * clock: messages and times come in, observations go out.
 */
import {
  type AssignedSensor,
  deadLetterBytes,
  FieldStatus,
  type Observation,
  type SensorExplanation,
  type UnreadMessage,
} from '@hub/contracts'
import { readJson } from '../json.ts'
import { deafened, type Freshness, listening, sweep } from './freshness.ts'
import { type Noted, note } from './noted.ts'
import { letterBuckets, type Pace, paced, take } from './pace.ts'
import { sampleOfNow, sampleTime, standsStill, unknownClock } from './sample-time.ts'
import { type Fault, type Reading, readTelemetry } from './telemetry.ts'

/** A sender that would be held for longer than this is cut off instead, without an acknowledgement: its pings wait behind. */
const heldMostMs = 30_000

/** What is wrong with a message, and whether that is to be logged. */
type Told = { faults: Fault[]; isNews: boolean }

export class FieldSensor {
  #assigned: AssignedSensor
  #freshness: Freshness
  /** When its last message came; null: none yet. */
  #heardAt: number | null = null
  /** When it was last shown to live: by a sample of now, or beside one of earlier. */
  #aliveAt = 0
  #clock = unknownClock
  #last: Reading | undefined
  #pace: Pace | undefined
  #letters: Pace | undefined
  /** Unread messages that were not sent along since the last one that was. */
  #unlettered = 0
  #messages = { taken: 0, held: 0, unread: 0 }
  #refusals: Noted<{ reason: string }>[] = []
  #unread: Noted<{ reason: string; payload: string }>[] = []

  constructor(assigned: AssignedSensor, now: number) {
    this.#assigned = assigned
    this.#freshness = listening(assigned.every, now)
  }

  get assigned(): AssignedSensor {
    return this.#assigned
  }

  assign(assigned: AssignedSensor, now: number): void {
    if (assigned.every !== this.#assigned.every) this.#freshness = listening(assigned.every, now)
    this.#assigned = assigned
  }

  /** Its silence counts from now on. */
  listen(now: number): void {
    this.#freshness = listening(this.#assigned.every, now)
  }

  /** The gateway read nothing for so long. */
  deafen(ms: number): void {
    this.#freshness = deafened(this.#freshness, ms)
  }

  /** A message has come. @returns ms that it is to wait, and its sender with it; null: it comes far too fast to be taken at all */
  admit(now: number): number | null {
    const { waitMs, pace } = paced(this.#pace, this.#assigned.every, now)
    if (waitMs > heldMostMs) return null
    this.#pace = pace
    if (waitMs > 0) this.#messages.held += 1
    return waitMs
  }

  /** A will is published in the sensor's name when it is gone, so what cannot be read of a status proves no life. */
  status(payload: Buffer, now: number): Told {
    this.#messages.taken += 1
    if (FieldStatus.safeParse(readJson(payload)).success) return { faults: [], isNews: false }
    const fault: Fault = { field: 'status', value: payload.toString(), limit: 'online or offline', reason: 'malformed' }
    this.#noteUnread([fault], payload, now)
    return { faults: [fault], isNews: this.#isNews(now) }
  }

  /** A message of telemetry, whatever is in it: any proves that the sensor lives. `late`: its sample was taken some time before. */
  telemetry(payload: Buffer, now: number): Told & { observations: Observation[]; late: boolean } {
    this.#messages.taken += 1
    const reading = readTelemetry(payload)
    const sample =
      reading.at === null || standsStill(this.#last, reading)
        ? sampleOfNow(reading.at, now, this.#clock)
        : sampleTime(this.#clock, reading.at, now, this.#assigned.every)
    this.#last = reading
    this.#clock = sample.clock
    this.#heardAt = afterLast(now, this.#heardAt)
    this.listen(this.#heardAt)

    const { id: device, every } = this.#assigned
    const head = { device, rung: 'fresh', every, ...judged(reading.faults) } as const
    const { faults } = reading
    const isNews = faults.length > 0 && this.#isNews(now)
    const deadLetter = faults.some(isMalformed) ? this.#deadLetter(faults, payload, now, isNews) : undefined
    const values = { ...reading.values, ...(sample.offset !== undefined && { clockOffsetMs: sample.offset }) }
    const at = sample.at === now ? this.#heardAt : sample.at
    const observations: Observation[] = [{ ...head, at, kind: 'telemetry', values, ...(deadLetter && { deadLetter }) }]
    // Of now a sample of earlier says nothing; that it came does. Once in each interval is enough.
    const isDue = this.#heardAt - this.#aliveAt >= every
    if (sample.late && isDue) observations.push({ ...head, at: this.#heardAt, kind: 'probe' })
    if (!sample.late || isDue) this.#aliveAt = this.#heardAt
    return { observations, faults, isNews, late: sample.late }
  }

  /** Messages that were due by now and have not come. */
  missed(now: number): Observation[] {
    const { id: device, every } = this.#assigned
    const { missedAt, state } = sweep(this.#freshness, now)
    this.#freshness = state
    return missedAt.map((at) => ({
      device,
      at,
      kind: 'probe',
      verdict: 'fail',
      rung: 'fresh',
      reason: 'no-data',
      every,
    }))
  }

  /** A connection in its name was refused, or ended by a fault. Anybody may name it: it is shown, and judged by nobody. */
  ended(reason: string, now: number): void {
    this.#refusals = note(this.#refusals, { reason: reason.slice(0, 512) }, now)
  }

  explain(now: number, connected: number): SensorExplanation {
    return {
      kind: 'sensor',
      device: this.#assigned.id,
      at: now,
      connected,
      every: this.#assigned.every,
      heardAt: this.#heardAt,
      missed: this.#freshness.missed,
      clock: { offsetMs: this.#clock.offset, lateSince: this.#clock.late?.since ?? null },
      messages: { ...this.#messages },
      refusals: this.#refusals,
      unread: this.#unread,
    }
  }

  /** Whether a fault is to be told anew, or only counted: what is told for each message of a sensor has no bound. */
  #isNews(now: number): boolean {
    const { waitMs, pace } = take(letterBuckets, this.#letters, now)
    if (waitMs <= 0) this.#letters = pace
    return waitMs <= 0
  }

  #noteUnread(faults: readonly Fault[], payload: Buffer, now: number): string {
    const reason = faults
      .map(({ field, limit }) => `${field}: ${limit}`)
      .join('; ')
      .slice(0, 512)
    this.#messages.unread += 1
    this.#unread = note(this.#unread, { reason, payload: payload.subarray(0, deadLetterBytes).toString() }, now)
    return reason
  }

  /** Sent again the message would be no better, and would block the sensor's queue: it is acknowledged, and sent along as it is. */
  #deadLetter(faults: readonly Fault[], payload: Buffer, now: number, isNews: boolean): UnreadMessage | undefined {
    const reason = this.#noteUnread(faults, payload, now)
    if (!isNews) {
      this.#unlettered += 1
      return undefined
    }
    const more = this.#unlettered
    this.#unlettered = 0
    const head = payload.subarray(0, deadLetterBytes).toString('base64')
    return { reason, payload: head, ...(more > 0 && { more }) }
  }
}

export const isMalformed = ({ reason }: Fault): boolean => reason === 'malformed'

const judged = (faults: readonly Fault[]): Pick<Observation, 'verdict' | 'reason'> => {
  if (faults.length === 0) return { verdict: 'pass' }
  return { verdict: 'degraded', reason: faults.some(isMalformed) ? 'malformed' : 'out-of-range' }
}

/** A sensor that reconnects sends what was not acknowledged and its new sample at once: each keeps an instant of its own. */
const afterLast = (now: number, last: number | null): number =>
  last !== null && last >= now && last - now < 100 ? last + 1 : now
