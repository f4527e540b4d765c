/**
 * Group commit: batches that arrive close together share one transaction. Raw payloads, dead letters, changed states and
 * what must be published go in together; only after the durable end is anything acknowledged or told.
 */
import type { Ack, GatewayId, Observation } from '@hub/contracts'
import type { HealthPolicy } from '@hub/core'
import type { Clock, Log, RecordStore } from '@hub/platform'
import { refusal } from './admit.ts'
import type { DirtyBuckets } from './buckets/dirty.ts'
import { type Changes, noChanges, type Tracked } from './changes.ts'
import { bury } from './dead-letters.ts'
import { type Decoded, reasonOf } from './decode.ts'
import type { Directory, Listed } from './directory.ts'
import { storeEvents } from './events.ts'
import { allLate, noLate, takeInLate } from './late.ts'
import { Ledger, type Range } from './ledger.ts'
import { messages } from './messages.ts'
import type { IngestMetrics } from './metrics.ts'
import type { Outbox } from './outbox.ts'
import { Projection } from './projection.ts'
import { pack, unpack } from './raw.ts'
import type { Store } from './store.ts'

/** A message as it came. `decoded` belongs to `payload`. */
export type Arrival = { gateway: GatewayId; payload: Buffer; decoded: Decoded; receivedAt: number }

export type CommitterDeps = {
  record: Pick<RecordStore, 'commit'>
  store: Store
  directory: Directory
  outbox: Outbox
  dirty: DirtyBuckets
  metrics: IngestMetrics
  clock: Clock
  log: Log
  policy: HealthPolicy
  /** Nothing goes stale before this. */
  notBefore: number
  /** How long raw batches are kept, ms. */
  keptMs: number
  lateMost?: number
  /** Called with the observations of each committed batch. */
  onCommitted?(batch: number, observations: readonly Observation[]): void
}

/** So long late looks gather: the past of a device is derived again once for all of them. */
const gatherMs = 5_000
/** Part of a transaction that is for late looks: acknowledgements wait no longer for them. */
const lateMs = 10
/** Late looks that may wait in memory (some 300 bytes each); beyond, a transaction goes on until they are fewer. */
const lateMostByDefault = 100_000

const keys = {
  checkpoint: 'ingest:checkpoint',
  span: 'ingest:span',
  withheld: 'ingest:withheld',
  spool: 'ingest:spool:',
}

export class Committer {
  readonly #deps: CommitterDeps
  #ledger = new Ledger()
  #projection: Projection
  #newest = 0
  #span = 0
  #broken = true
  #turn: Promise<unknown> = Promise.resolve()

  constructor(deps: CommitterDeps) {
    this.#deps = deps
    this.#projection = new Projection(deps.policy)
  }

  /** The last batch that all rows have: older raw batches are needed no more for replay. */
  get checkpoint(): number {
    return this.#projection.checkpoint(this.#newest)
  }

  get span(): number {
    return this.#span
  }

  /** Brings memory to what is on disk: the rows, and the batches after the checkpoint. */
  recover(): Promise<void> {
    return this.#guard(async () => {})
  }

  async #load(): Promise<void> {
    const { store, record, clock } = this.#deps
    this.#ledger = new Ledger()
    this.#projection = new Projection(this.#deps.policy)
    this.#deps.dirty.load(store)
    this.#span = Number(store.meta(keys.span) ?? 0)
    this.#newest = Math.max(Number(store.meta(keys.checkpoint) ?? 0), store.newestBatch())
    for (const { key, value } of store.metaUnder(keys.spool))
      this.#ledger.load(key.slice(keys.spool.length), JSON.parse(value) as Range[])
    for (const standing of store.standings()) this.#projection.load(standing)
    this.#projection.loadWithheld(JSON.parse(store.meta(keys.withheld) ?? '{}'), clock.now())
    const changes = await record.commit(() => {
      const changes = this.#replay(Number(store.meta(keys.checkpoint) ?? 0))
      return this.#conclude(changes, allLate)
    })
    this.#broken = false
    this.#deps.outbox.send(changes.rows)
  }

  #replay(after: number): Changes {
    const changes = noChanges(this.#deps.clock.now())
    let last = after
    for (;;) {
      const rows = this.#deps.store.batchesAfter(last, 64)
      if (rows.length === 0) return changes
      for (const row of rows) {
        last = row.id
        this.#ledger.add(row.gateway, row)
        this.#span = Math.max(this.#span, row.last_at - row.first_at)
        if (row.count === 0) continue
        const { observations } = unpack(row.payload)
        const due = observations.filter((o) => this.#projection.device(o.device).applied < row.id)
        for (const o of due) this.#projection.take(this.#projection.device(o.device), o, row.id, changes)
      }
    }
  }

  /** @returns what to acknowledge, once it is durable. Throws when nothing was committed. */
  async commit(arrivals: readonly Arrival[]): Promise<Ack[]> {
    const { record, outbox, metrics, clock } = this.#deps
    const started = performance.now()
    const tally: Tally = { batches: [], named: [], duplicates: 0, refused: 0, observations: 0, newestAt: 0 }
    const rows = await this.#guard(() =>
      record.commit(() => {
        const changes = noChanges(clock.now())
        for (const arrival of arrivals) this.#store(arrival, changes, tally)
        const events = storeEvents(tally.batches, this.#deps)
        metrics.events.inc(events.length)
        const told = outbox.put(this.#deps.store, events)
        return [...this.#conclude(changes).rows, ...told]
      }),
    )
    metrics.commitSeconds.observe((performance.now() - started) / 1_000)
    metrics.batches.inc(tally.batches.length)
    metrics.observations.inc(tally.observations)
    metrics.duplicates.inc(tally.duplicates)
    metrics.deadLetters.inc(tally.refused)
    const at = clock.now()
    if (tally.newestAt > 0) metrics.lag.set(Math.max(0, at - tally.newestAt) / 1_000)
    metrics.unwritten.set(this.#projection.unwritten)
    for (const { id, observations } of tally.batches) this.#deps.onCommitted?.(id, observations)
    outbox.send(rows)
    return tally.named.map(({ gateway, epoch, seq }): Ack => ({ v: 1, gateway, epoch, seq, at }))
  }

  /**
   * Takes in late looks that have gathered long enough, in short transactions between those of new batches.
   * @param all also those that have not
   */
  async amend(all = false): Promise<void> {
    const { clock, record, outbox } = this.#deps
    const share = () => (all ? allLate : { before: clock.now() - gatherMs, ms: lateMs })
    while (this.#projection.behind(share().before, 1).length > 0) {
      await this.#guard(async () => {
        const { rows } = await record.commit(() => this.#conclude(noChanges(clock.now()), share()))
        outbox.send(rows)
      })
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Devices whose evidence has gone stale become unknown. */
  expire(): Promise<void> {
    const { clock, notBefore, record, outbox } = this.#deps
    return this.#guard(async () => {
      if (!this.#projection.isAnyStale(clock.now(), notBefore)) return
      const { rows } = await record.commit(() => {
        const changes = noChanges(clock.now())
        this.#projection.expire(notBefore, changes)
        return this.#conclude(changes)
      })
      outbox.send(rows)
    })
  }

  /**
   * Writes down the devices that wait longest, and how far the rows reach. Also forgets what has been published.
   * @param limit devices, at most
   * @param budgetMs time after which it leaves the rest for the next call
   */
  flush(limit: number, budgetMs = Number.POSITIVE_INFINITY): Promise<void> {
    const { store, outbox, record } = this.#deps
    return this.#guard(async () => {
      if (this.#projection.unwritten === 0 && !outbox.unpublished) return
      await record.commit(() => {
        const until = performance.now() + budgetMs
        for (const tracked of this.#projection.waiting(limit)) {
          this.#projection.write(store, tracked)
          if (performance.now() > until) break
        }
        for (const { spool, ranges } of this.#ledger.takeChanged())
          store.putMeta(keys.spool + spool, JSON.stringify(ranges))
        store.putMeta(keys.checkpoint, String(this.checkpoint))
        outbox.tidy(store)
      })
    })
  }

  get unwritten(): number {
    return this.#projection.unwritten
  }

  /**
   * One at a time. A transaction that failed has left memory ahead of the disk: before the next one all is read again.
   */
  #guard<T>(work: () => Promise<T>): Promise<T> {
    const guarded = async () => {
      try {
        if (this.#broken) await this.#load()
        return await work()
      } catch (err) {
        this.#broken = true
        this.#deps.metrics.failedCommits.inc()
        throw err
      }
    }
    const turn = this.#turn.then(guarded, guarded)
    this.#turn = turn.catch(() => {})
    return turn
  }

  #store(arrival: Arrival, changes: Changes, tally: Tally): void {
    const { gateway, decoded, receivedAt, payload } = arrival
    const { store, directory, keptMs } = this.#deps
    if (decoded.name) {
      tally.named.push({ gateway, ...decoded.name })
      if (!this.#ledger.add(gateway, decoded.name)) {
        tally.duplicates++
        return
      }
    }
    const refused = [...decoded.refused]
    const kept: Observation[] = []
    const id = this.#newest + 1
    const districts = directory.districtsOf(gateway)
    let first = Number.POSITIVE_INFINITY
    let last = Number.NEGATIVE_INFINITY
    for (const [index, o] of decoded.observations.entries()) {
      const tracked = this.#projection.find(o.device)
      const listed = tracked ? this.#listed(tracked) : directory.device(o.device)
      const why = refusal(o, listed, districts, receivedAt, receivedAt - keptMs)
      if (why) {
        const reason = reasonOf(gateway, `observations.${index}.${why.field}`, why.limit)
        refused.push({ reason, payload: Buffer.from(JSON.stringify(o)) })
        continue
      }
      kept.push(o)
      if (o.at < first) first = o.at
      if (o.at > last) last = o.at
      this.#projection.take(tracked ?? this.#projection.device(o.device), o, id, changes)
    }
    bury(store, arrival, refused)
    tally.refused += refused.length
    if (!decoded.name) return
    if (kept.length === 0) {
      first = receivedAt
      last = receivedAt
    }
    // What was refused must not come back by a replay, when the registry may say otherwise: only what counted is kept here.
    const raw =
      refused.length === 0
        ? payload
        : Buffer.from(JSON.stringify({ v: 1, gateway, ...decoded.name, observations: kept }))
    this.#newest = id
    store.insertBatch({
      id,
      gateway,
      ...decoded.name,
      first_at: first,
      last_at: last,
      count: kept.length,
      received_at: receivedAt,
      payload: pack(raw),
    })
    if (last - first > this.#span) {
      this.#span = last - first
      store.putMeta(keys.span, String(this.#span))
    }
    tally.batches.push({ id, observations: kept })
    tally.observations += kept.length
    tally.newestAt = Math.max(tally.newestAt, kept.length > 0 ? last : 0)
  }

  /** The registry's word on a device, looked up once after each change of it: this is asked for every observation. */
  #listed(tracked: Tracked): Listed | undefined {
    const { directory } = this.#deps
    if (tracked.listedIn !== directory.version) {
      tracked.listed = directory.device(tracked.id)
      tracked.listedIn = directory.version
    }
    return tracked.listed
  }

  /** The last part of a transaction: late looks, rows of changed devices, messages. */
  #conclude(changes: Changes, late = noLate): { rows: ReturnType<Outbox['put']>; changes: Changes } {
    const { store, dirty, outbox, directory, metrics, policy, notBefore, lateMost = lateMostByDefault } = this.#deps
    const projection = this.#projection
    const waited = projection.lateLooks
    const restated = takeInLate(
      changes,
      { ...late, most: lateMost },
      { store, directory, projection, policy, now: changes.now, notBefore, span: this.#span },
    )
    metrics.late.inc(waited - projection.lateLooks)
    metrics.lateWaiting.set(projection.lateLooks)
    for (const [tracked, intervals] of changes.intervals) {
      if (changes.amended.has(tracked)) continue
      for (const interval of intervals) store.putInterval(tracked.id, interval)
      this.#projection.write(store, tracked)
    }
    const touched = [...changes.intervals].map(([{ id }, [first]]) => ({
      ...{ device: id, from: first!.to ?? first!.from, to: Number.MAX_SAFE_INTEGER },
    }))
    for (const { device, from, to } of [...touched, ...restated]) {
      dirty.mark(store, device, { from, to }, changes.now)
      store.markRestated(device, from, to)
    }
    this.#projection.tell(changes)
    const withheld = this.#projection.takeWithheld()
    if (withheld) store.putMeta(keys.withheld, JSON.stringify(withheld))
    metrics.transitions.inc(changes.transitions.length)
    metrics.corrections.inc(changes.corrections.length)
    return { rows: outbox.put(store, messages(changes, directory, changes.now)), changes }
  }
}

type Tally = {
  batches: { id: number; observations: readonly Observation[] }[]
  named: { gateway: GatewayId; epoch: number; seq: number }[]
  duplicates: number
  refused: number
  observations: number
  newestAt: number
}
