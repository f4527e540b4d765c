/**
 * Group commit: batches that arrive close together share one transaction. Raw payloads, dead letters, changed states and
 * what must be published go in together; only after the durable end is anything acknowledged or published.
 */
import type { Ack, DeviceState, GatewayId, Observation } from '@hub/contracts'
import type { HealthPolicy } from '@hub/core'
import type { Clock, Log, MarkRestated, Outbox, RecordStore } from '@hub/platform'
import { refusal } from './admit.ts'
import type { Arrival } from './arrival.ts'
import { Ledger, type Range } from './batch-ledger.ts'
import { sealOf } from './batch-seal.ts'
import { type Changes, noChanges } from './changes.ts'
import { deadLetter, putUnread } from './dead-letters.ts'
import { decode, reasonOf } from './decode.ts'
import type { Directory } from './directory.ts'
import { storeEvents } from './events.ts'
import { threadMs } from './group-time.ts'
import type { LateStretches } from './late-stretches.ts'
import { measuredIn } from './measured.ts'
import { allLate, mergeLate, noLate } from './merge-late.ts'
import { messages } from './messages.ts'
import type { IngestMetrics } from './metrics.ts'
import { type HeardUntil, Projection } from './projection.ts'
import { pack, unpack } from './raw-batches.ts'
import { Refusals } from './refusals.ts'
import type { Store } from './store.ts'

/** `observations`: those that counted. */
export type CommittedBatch = { id: number; gateway: GatewayId; observations: readonly Observation[] }

export type CommitterDeps = {
  record: Pick<RecordStore, 'commit'>
  store: Store
  directory: Directory
  outbox: Pick<Outbox, 'appendAll'>
  /** What is derived of a device's states hears that they changed, in the same transaction. */
  restated: MarkRestated
  /** Whose probe figures are to be written again. */
  lateStretches: LateStretches
  metrics: IngestMetrics
  clock: Clock
  log: Log
  policy: HealthPolicy
  /** Nothing goes stale before this. */
  notBefore: number
  /** Up to when silence is known; up to now when absent. */
  heardUntil?: HeardUntil
  /** Observations from then on are kept; older ones are refused. */
  keptFrom(now: number): number
  lateMost?: number
  /** What becomes of batches without a seal. */
  unsigned?: 'taken' | 'refused'
  /** Called with each batch that has been committed. */
  onCommitted?(batch: CommittedBatch): void
}

/** So long late observations wait: the past of a device is derived again once for all of them. */
const gatherMs = 5_000
/** Part of a transaction that is for late observations: acknowledgements wait no longer for them. */
const lateMs = 10
/** Devices that one transaction finds stale, at most: some 20 ms. */
const staleMost = 250
/** Late observations that may wait in memory (some 300 bytes each); beyond, a transaction goes on until they are fewer. */
const lateMostByDefault = 100_000

const keys = {
  checkpoint: 'checkpoint',
  span: 'span',
  withheld: 'withheld:',
  /** All of them in one row: before they had one each. */
  withheldBefore: 'withheld',
  spool: 'spool:',
}

export class Committer {
  readonly #deps: CommitterDeps
  #ledger = new Ledger()
  #projection: Projection
  #newest = 0
  #span = 0
  #broken = true
  #heldMs = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(deps: CommitterDeps) {
    this.#deps = deps
    this.#projection = new Projection(deps.policy, deps.heardUntil)
  }

  /** The last batch that all rows have: older raw batches are needed no more for replay. */
  get checkpoint(): number {
    return this.#projection.checkpoint(this.#newest)
  }

  get span(): number {
    return this.#span
  }

  /** Work of the last transaction of batches, its durable end left out: a slow disk is no reason for smaller groups. ms */
  get heldMs(): number {
    return this.#heldMs
  }

  /** So many late observations wait that no backlog should be taken in: it brings more of them. */
  get isLateFull(): boolean {
    return this.#projection.lateObservations > (this.#deps.lateMost ?? lateMostByDefault)
  }

  /** Brings memory to what is on disk: the rows, and the batches after the checkpoint. */
  recover(): Promise<void> {
    return this.#guard(async () => {})
  }

  async #load(): Promise<void> {
    const { store, record, clock } = this.#deps
    this.#ledger = new Ledger()
    this.#projection = new Projection(this.#deps.policy, this.#deps.heardUntil)
    this.#deps.lateStretches.load(store)
    this.#span = Number(store.settings.get(keys.span) ?? 0)
    this.#newest = Math.max(Number(store.settings.get(keys.checkpoint) ?? 0), store.newestBatch())
    for (const { key, value } of store.settings.under(keys.spool))
      this.#ledger.load(key.slice(keys.spool.length), JSON.parse(value) as Range[])
    for (const standing of store.standings()) this.#projection.load(standing)
    const before = JSON.parse(store.settings.get(keys.withheldBefore) ?? '{}') as { [device: string]: DeviceState }
    const withheld = store.settings
      .under(keys.withheld)
      .map(({ key, value }) => [key.slice(keys.withheld.length), value as DeviceState] as const)
    this.#projection.loadWithheld([...Object.entries(before), ...withheld], clock.now())
    await record.commit(() => {
      store.settings.drop(keys.withheldBefore)
      this.#conclude(this.#replay(Number(store.settings.get(keys.checkpoint) ?? 0)), allLate)
    })
    this.#broken = false
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
        for (const o of due) this.#projection.apply(this.#projection.device(o.device), o, row.id, changes)
      }
    }
  }

  /**
   * @param arrivals asked for one by one inside the transaction, so that they may end when the time is up
   * @returns what to acknowledge, once it is durable. Throws when nothing was committed.
   */
  async commit(arrivals: Iterable<Arrival>): Promise<Ack[]> {
    const { record, outbox, metrics, clock, directory } = this.#deps
    const started = performance.now()
    const tally: Tally = { batches: [], named: [], duplicates: 0, refused: 0, observations: 0, newestAt: 0 }
    await this.#guard(() =>
      record.commit(() => {
        const began = threadMs()
        const changes = noChanges(clock.now())
        for (const arrival of arrivals) this.#store(arrival, changes, tally)
        const events = storeEvents(tally.batches, this.#deps)
        metrics.events.inc(events.length)
        this.#conclude(changes)
        outbox.appendAll(events)
        outbox.appendAll(measuredIn(tally.batches, directory, clock.now()))
        this.#heldMs = threadMs() - began
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
    for (const batch of tally.batches) this.#deps.onCommitted?.(batch)
    return tally.named.map(({ gateway, epoch, seq }): Ack => ({ v: 1, gateway, epoch, seq, at }))
  }

  /**
   * Merges late observations that have waited long enough, in short transactions between those of new batches.
   * @param all also those that have not
   */
  async amend(all = false): Promise<void> {
    const { clock, record } = this.#deps
    const share = () => (all ? allLate : { before: clock.now() - gatherMs, ms: lateMs })
    while (this.#projection.behind(share().before, 1).length > 0) {
      await this.#guard(async () => {
        await record.commit(() => this.#conclude(noChanges(clock.now()), share()))
      })
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Devices whose evidence has gone stale become unknown, in short transactions between those of new batches. */
  async expire(): Promise<void> {
    const { clock, notBefore, record } = this.#deps
    for (let more = true; more; ) {
      await this.#guard(async () => {
        more = this.#projection.isAnyStale(clock.now(), notBefore)
        if (!more) return
        await record.commit(() => {
          const changes = noChanges(clock.now())
          more = this.#projection.expire(notBefore, changes, staleMost)
          this.#conclude(changes)
        })
      })
      if (more) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /**
   * Writes down the devices that wait longest, and how far the rows reach.
   * @param limit devices, at most
   * @param budgetMs time after which it leaves the rest for the next call
   */
  flush(limit: number, budgetMs = Number.POSITIVE_INFINITY): Promise<void> {
    const { store, record } = this.#deps
    return this.#guard(async () => {
      // Raw batches are deleted up to the checkpoint: the names of all before it must be on disk by then.
      if (this.#projection.unwritten === 0 && !this.#ledger.hasChanged) return
      await record.commit(() => {
        const until = performance.now() + budgetMs
        for (const tracked of this.#projection.waiting(limit)) {
          this.#projection.write(store, tracked)
          if (performance.now() > until) break
        }
        for (const { spool, ranges } of this.#ledger.takeChanged())
          store.settings.put(keys.spool + spool, JSON.stringify(ranges))
        store.settings.put(keys.checkpoint, String(this.checkpoint))
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
    const { gateway, name, receivedAt, payload } = arrival
    const { store, directory, keptFrom, metrics } = this.#deps
    if (name && this.#ledger.has(gateway, name)) {
      tally.named.push({ gateway, ...name })
      tally.duplicates++
      return
    }
    const decoded = decode(gateway, payload)
    const sealed = decoded.name && sealOf(payload, decoded.seal, { gateway, ...decoded.name })
    if (decoded.name && !sealed) {
      // Not acknowledged, and its name not taken: whoever sent it is not this gateway, which may yet send the batch of that name.
      deadLetter(store, arrival, [{ reason: reasonOf(gateway, 'seal', 'is not of these bytes'), payload }])
      tally.refused++
      return
    }
    if (sealed && !sealed.signature && this.#deps.unsigned === 'refused' && decoded.observations.length > 0) {
      decoded.observations = []
      decoded.refused.push({ reason: reasonOf(gateway, 'seal', 'is missing'), payload })
    }
    if (decoded.name) {
      tally.named.push({ gateway, ...decoded.name })
      if (!this.#ledger.add(gateway, decoded.name)) {
        tally.duplicates++
        return
      }
    }
    const refused = [...decoded.refused]
    const refusals = new Refusals()
    for (const _ of refused) refusals.add('', 'malformed')
    const kept: Observation[] = []
    const id = this.#newest + 1
    const districts = directory.districtsOf(gateway)
    const oldest = keptFrom(receivedAt)
    let first = Number.POSITIVE_INFINITY
    let last = Number.NEGATIVE_INFINITY
    for (const [index, o] of decoded.observations.entries()) {
      const tracked = this.#projection.find(o.device)
      // By the id that is kept: its hash is known.
      const listed = directory.known(tracked?.id ?? o.device)
      const why = refusal(o, listed, districts, receivedAt, oldest)
      if (why) {
        const reason = reasonOf(gateway, `observations.${index}.${why.field}`, why.limit)
        refused.push({ reason, payload: Buffer.from(JSON.stringify(o)) })
        refusals.add(listed ? o.device : '', why.reason)
        continue
      }
      kept.push(o)
      if (o.deadLetter) putUnread(store, o, receivedAt)
      if (o.at < first) first = o.at
      if (o.at > last) last = o.at
      this.#projection.apply(tracked ?? this.#projection.device(o.device), o, id, changes)
    }
    deadLetter(store, arrival, refused)
    refusals.write(store, gateway, receivedAt)
    tally.refused += refused.length
    if (!decoded.name || !sealed) return
    if (kept.length === 0) {
      first = receivedAt
      last = receivedAt
    }
    // What was refused must not come back by a replay, when the registry may say otherwise: what counted is kept here, and with it
    // what was said, or nobody could hold one against the other.
    const said = kept.length > 0 ? { said: payload.toString('latin1') } : {}
    const raw =
      refused.length === 0
        ? payload
        : Buffer.from(JSON.stringify({ v: 1, gateway, ...decoded.name, ...said, observations: kept }))
    this.#newest = id
    const row = {
      id,
      gateway,
      ...decoded.name,
      first_at: first,
      last_at: last,
      count: kept.length,
      received_at: receivedAt,
    }
    store.insertBatch({ ...row, payload: pack(raw) })
    store.insertDigest(row, sealed)
    metrics.unsigned.inc(sealed.signature ? 0 : 1)
    if (last - first > this.#span) {
      this.#span = last - first
      store.settings.put(keys.span, String(this.#span))
    }
    tally.batches.push({ id, gateway, observations: kept })
    tally.observations += kept.length
    tally.newestAt = Math.max(tally.newestAt, kept.length > 0 ? last : 0)
  }

  /** The last part of a transaction: late observations, rows of changed devices, messages. */
  #conclude(changes: Changes, late = noLate): void {
    const { store, lateStretches, outbox, restated, directory, metrics, policy } = this.#deps
    const { notBefore, lateMost = lateMostByDefault } = this.#deps
    const projection = this.#projection
    const waited = projection.lateObservations
    const corrected = mergeLate(
      changes,
      { ...late, most: lateMost },
      { store, directory, projection, policy, now: changes.now, notBefore, span: this.#span },
    )
    metrics.late.inc(waited - projection.lateObservations)
    metrics.lateWaiting.set(projection.lateObservations)
    for (const [tracked, intervals] of changes.intervals) {
      if (changes.amended.has(tracked)) continue
      for (const interval of intervals) store.putInterval(tracked.id, interval, changes.now)
      this.#projection.write(store, tracked)
    }
    const touched = [...changes.intervals].map(([{ id }, [first]]) => ({
      device: id,
      from: first!.to ?? first!.from,
      to: Number.MAX_SAFE_INTEGER,
    }))
    for (const { device, from, to } of [...touched, ...corrected]) {
      lateStretches.mark(store, device, { from, to }, changes.now)
      restated(device, from, to)
    }
    this.#projection.publish(changes)
    for (const { device, told } of this.#projection.takeWithheld())
      if (told === null) store.settings.drop(keys.withheld + device)
      else store.settings.put(keys.withheld + device, told)
    metrics.transitions.inc(changes.transitions.length)
    metrics.corrections.inc(changes.corrections.length)
    outbox.appendAll(messages(changes, directory, changes.now))
  }
}

type Tally = {
  batches: CommittedBatch[]
  named: { gateway: GatewayId; epoch: number; seq: number }[]
  duplicates: number
  refused: number
  observations: number
  newestAt: number
}
