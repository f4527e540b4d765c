/**
 * A History whose writes survive the store behind it. What is written goes to a journal on disk, then to the store, and leaves
 * the journal only when the store has given it back twice, the second time after what it may have kept in memory only would be
 * lost: an answer of 204 is no proof (influxdata/influxdb #23126, #24901). What does not come back is written again.
 *
 * The second read is no formality: an InfluxDB 1.6.7 whose disk was full takes and gives back points that lie behind a torn entry
 * of its log, and loses them when it is started again (measured in `faults.peer.test.ts`).
 *
 * Memory holds one batch at a time. The disk holds `maxBytes`: beyond that a write throws `history.unavailable`, and its caller,
 * who derives all of it from the Record, comes back with it later.
 */
import { HubError } from '@hub/contracts'
import { hourMs, minuteMs, secondMs, sift } from '@hub/core'
import type { DeadLetter } from '../../bus/dead-letters.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Metrics } from '../../metrics.ts'
import { yieldToEventLoop } from '../../yield.ts'
import type { RowStore } from '../influxdb/history.ts'
import { answeredWith } from '../influxdb/server.ts'
import { type Keep, keptFrom } from '../keep.ts'
import type { History } from '../port.ts'
import { type Measurement, measurements, probeRow, type Row, shapeOf, telemetryRow, uptimeRow } from '../rows.ts'
import { compare } from './compare.ts'
import { journalMetrics } from './metrics.ts'
import { openQueue, type Waiting } from './queue.ts'

export type JournalOptions = {
  path: string
  maxBytes: number
  settleMs: number
  staleAfterMs: number
  keep: Keep
  clock: Clock
  log: Log
  metrics: Metrics
  /** A point that the store will not have is shown to people. */
  park(letter: DeadLetter): Promise<void>
}

/** Rows in one transaction: a few milliseconds, so that acknowledgements on the same thread do not wait. */
const chunkRows = 200
/** Rows written and read back together. */
const batchRows = 2_000
const wakeEveryMs = secondMs
const tallyEveryMs = 15 * secondMs
/** Back-off after a failure of the store, and of a point that did not come back: doubled each time, from the first to the second. */
const backOff = { least: secondMs, most: minuteMs }
/** A point that the store refuses is offered again after this. */
const refusedMs = hourMs

/** The same answer so many times in a row, and to one batch: some point of it may be why. */
const equalAnswers = 5
/** Points that are known to have been shown: one that is refused again is no news. */
const parkedMost = 10_000

const delay = (tries: number): number => Math.min(backOff.most, backOff.least * 2 ** Math.min(tries, 10))

const isRefusal = (err: unknown): boolean => err instanceof HubError && err.code === 'history.refused'

/** @param store is closed with the journal. */
export function openJournal(store: History & RowStore, options: JournalOptions): History {
  const { clock, log, keep, maxBytes, settleMs, staleAfterMs } = options
  const queue = openQueue(options.path)
  const metrics = journalMetrics(options.metrics)
  let failures = 0
  let notBefore = 0
  /** What the server answered last to what it does not take, and how often in a row; undefined: nothing. */
  let answer: { status: number | undefined; times: number } = { status: undefined, times: 0 }
  /** When it last took something, and when a batch was last set aside that it did not take. */
  let [takenAt, asideAt] = [0, 0]
  const parked = new Set<string>()
  let closing = false
  let running: Promise<void> | undefined

  const accept = async (measurement: Measurement, rows: readonly Row[]): Promise<void> => {
    const from = keptFrom(keep, shapeOf(measurement).kept, clock.now())
    const young = rows.filter((row) => row.at >= from)
    for (let at = 0; at < young.length; at += chunkRows) {
      if (at > 0) await yieldToEventLoop()
      try {
        if (queue.bytes() >= maxBytes) throw new Error(`the journal is full: ${Math.round(maxBytes / 1e6)} MB`)
        queue.put(young.slice(at, at + chunkRows), clock.now())
      } catch (err) {
        metrics.turnedAway.inc(young.length - at)
        const limit = err instanceof Error ? err.message : String(err)
        throw new HubError('history.unavailable', { limit }, { cause: err })
      }
    }
    if (young.length > 0) wake()
  }

  /** Points that come back leave, or settle first; the others are written again. */
  const readBack = async (batch: readonly Waiting[], agreed: (stored: Waiting[]) => void): Promise<void> => {
    const times = batch.map(({ row }) => row.at)
    const { measurement } = batch[0]!.row
    const found = await store.readRows({
      measurement,
      from: Math.min(...times),
      to: Math.max(...times),
      devices: [...new Set(batch.map(({ row }) => row.tags.device!))],
    })
    const { stored, missing, blanks } = compare(batch, found)
    if (stored.length > 0) agreed(stored)
    if (missing.length === 0) return
    metrics.rewritten.inc(missing.length)
    queue.retry(missing, (tries) => clock.now() + delay(tries))
    await store.writeRows(blanks)
  }

  const writeRows = async (batch: readonly Waiting[]): Promise<void> => {
    await store.writeRows(batch.map(({ row }) => row))
    takenAt = clock.now()
  }

  /** The points step aside, and the queue moves; people see each once. */
  const park = async ({ item, err }: { item: Waiting; err: unknown }): Promise<void> => {
    const { row } = item
    log.error({ err, row }, 'the history refuses a point; it is offered again in an hour')
    metrics.refused.inc()
    queue.park(item, clock.now() + refusedMs)
    const text = JSON.stringify(row)
    if (parked.has(text)) return
    if (parked.size >= parkedMost) parked.clear()
    parked.add(text)
    const reason = err instanceof Error ? err.message : String(err)
    await options.park({ at: clock.now(), source: `history/${row.measurement}`, reason, payload: Buffer.from(text) })
  }

  /** What is refused, or answered alike again and again, is halved until the points are found that are the cause. */
  const write = async (batch: readonly Waiting[]): Promise<Waiting[]> => {
    try {
      await writeRows(batch)
      answer = { status: undefined, times: 0 }
      return [...batch]
    } catch (err) {
      const status = answeredWith(err)
      answer = { status, times: status === answer.status ? answer.times + 1 : 1 }
      if (!isRefusal(err) && (status === undefined || answer.times < equalAnswers)) throw err
      answer.times = 0
      // It has taken others since these were set aside: it is not the store.
      const isCertain = isRefusal(err) || (takenAt > asideAt && batch.every(({ tries }) => tries > 0))
      const isAnswer = (err: unknown) => isRefusal(err) || answeredWith(err) !== undefined
      try {
        const { stored, blamed } = await sift(batch, err, { write: writeRows, isAnswer, isCertain })
        for (const one of blamed) await park(one)
        return stored
      } catch (err) {
        asideAt = clock.now()
        queue.retry(batch, (tries) => clock.now() + delay(tries))
        throw err
      }
    }
  }

  /** One batch. @returns false when nothing is due. */
  const step = async (): Promise<boolean> => {
    // What settles makes room for what waits: then it is read again at once.
    const settledBy = queue.bytes() > maxBytes / 2 ? Number.MAX_SAFE_INTEGER : clock.now()
    const settled = queue.take('settling', settledBy, batchRows)
    if (settled.length > 0) await readBack(settled, queue.drop)
    const open = queue.take('open', clock.now(), batchRows)
    const written = open.length > 0 ? await write(open) : []
    if (written.length > 0) await readBack(written, (stored) => queue.settle(stored, clock.now() + settleMs))
    return settled.length + open.length > 0
  }
  const pump = async (): Promise<void> => {
    try {
      while (!closing && (await step())) {
        failures = 0
        await yieldToEventLoop()
      }
    } catch (err) {
      const wait = delay(failures++)
      notBefore = clock.now() + wait
      log.warn({ err, retryInMs: wait }, 'the history does not take or give back what is written; the journal keeps it')
    }
  }
  const wake = () => {
    if (closing || clock.now() < notBefore) return
    running ??= pump().finally(() => {
      running = undefined
    })
  }
  const tally = () => {
    const now = clock.now()
    for (const measurement of Object.keys(measurements) as Measurement[]) {
      const from = keptFrom(keep, shapeOf(measurement).kept, now)
      if (Number.isFinite(from)) metrics.expired.inc(queue.expire(measurement, from))
    }
    for (const phase of ['open', 'settling'] as const) metrics.rows.set({ phase }, queue.count(phase))
    metrics.oldest.set(Math.max(0, now - (queue.oldest('open') ?? now)) / 1_000)
    metrics.bytes.set(queue.bytes())
  }
  const cancels = [clock.every(wakeEveryMs, wake), clock.every(tallyEveryMs, tally)]

  return {
    trend: store.trend,
    uptime: store.uptime,
    probes: store.probes,
    telemetry: store.telemetry,
    writeUptime: (step, buckets) =>
      accept(
        `uptime_${step}`,
        buckets.map((bucket) => uptimeRow(step, bucket)),
      ),
    writeProbes: (step, buckets) =>
      accept(
        `probe_${step}`,
        buckets.map((bucket) => probeRow(step, bucket)),
      ),
    writeTelemetry: (points) => accept('telemetry', points.map(telemetryRow)),
    async ready() {
      await store.ready()
      const oldest = queue.oldest('open')
      if (oldest !== null && clock.now() - oldest > staleAfterMs)
        throw new HubError('history.stale', { value: queue.count('open'), limit: new Date(oldest).toISOString() })
    },
    async close() {
      closing = true
      for (const cancel of cancels) cancel()
      await running
      queue.close()
      await store.close()
    },
  }
}
