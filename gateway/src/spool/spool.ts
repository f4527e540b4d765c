/**
 * The spool: what the centre has not acknowledged is here, on disk.
 *
 * Observations are collected for at most a second, encoded once, committed as one batch, and sent as stored. `seq` is given inside the
 * commit, so it has no gaps and one name `(epoch, seq)` has one content for ever.
 *
 * Two limits, two policies:
 * - its own capacity (`maxBytes`): the oldest batches go, whole, counted and logged; their time reads as unknown at the centre, never as down;
 * - the disk's (full, failing): nothing stored goes; new observations wait in memory (`holdMs`, `holdObservations`) and are then refused,
 *   so that a sensor's PUBACK is withheld and the sensor keeps its sample. Writing is tried again each second: no restart is needed.
 */
import type { GatewayId, Observation } from '@hub/contracts'
import { HubError } from '@hub/contracts'
import type { Clock, Log } from '@hub/platform'
import { type Encoded, split } from '../split.ts'
import { isDiskRefusal, openSpoolFile, transaction } from './database.ts'
import { batchLimits, encode, type PackedBatch, pack } from './pack.ts'

export type SpoolOptions = {
  path: string
  gateway: GatewayId
  clock: Clock
  log: Log
  /** Capacity for payloads, bytes. */
  maxBytes: number
  batchMs?: number
  holdMs?: number
  holdObservations?: number
  /** SQLite pages that the file may have: a disk of its own size. */
  maxPages?: number
}

/** Since the process began, but `batches` and `bytes`, which are what waits now. */
export type SpoolStats = {
  batches: number
  bytes: number
  seq: number
  added: number
  stored: number
  refused: number
  shedBatches: number
  shedObservations: number
  failedWrites: number
  /** False while the disk refuses. */
  writable: boolean
}

export type StoredBatch = { seq: number; payload: Uint8Array }

export interface Spool {
  readonly epoch: number
  /** Resolves when the observation is on disk. Rejects with `payload.invalid` or `spool.full`; then it is nowhere. */
  add(observation: Observation): Promise<void>
  /** Seqs that wait for an acknowledgement, oldest first. */
  waiting(limit: number): number[]
  payload(seq: number): Uint8Array | undefined
  /** Forgets a batch that the centre has on disk. False when there is none of that name. */
  acknowledge(epoch: number, seq: number): boolean
  /** Called with each batch as it is committed, in order of seq. */
  onBatch(listener: (batch: StoredBatch) => void): () => void
  stats(): Readonly<SpoolStats>
  /** Writes what is collected. What cannot be written is refused. */
  close(): Promise<void>
}

type Pending = Encoded & { since: number; resolve: () => void; reject: (error: Error) => void }
type Written = { packed: PackedBatch[]; shed: { batches: number; observations: number; bytes: number } }

/** A draining backlog is acknowledged hundreds of times a second: it is deleted in steps of this many. */
const trimAt = 64

export function createSpool(options: SpoolOptions): Spool {
  const { gateway, clock, log, maxBytes, batchMs = 1_000, holdMs = 10_000, holdObservations = 50_000 } = options
  const { db, epoch, seq: lastSeq, putAside } = openSpoolFile(options.path, clock.now())
  if (putAside)
    log.error({ putAside }, 'the spool could not be read and was put aside: its batches are lost to the centre')

  if (options.maxPages) db.exec(`PRAGMA max_page_count = ${options.maxPages}`)

  const sql = {
    insert: db.prepare('INSERT INTO batch (seq, observations, bytes, payload) VALUES (?, ?, ?, ?)'),
    number: db.prepare('UPDATE spool SET seq = ?'),
    remove: db.prepare('DELETE FROM batch WHERE seq = ?'),
    oldest: db.prepare('SELECT seq, observations, bytes FROM batch ORDER BY seq LIMIT 1'),
    seqs: db.prepare('SELECT seq FROM batch ORDER BY seq LIMIT ?'),
    has: db.prepare('SELECT bytes FROM batch WHERE seq = ?'),
    payload: db.prepare('SELECT payload FROM batch WHERE seq = ?'),
    total: db.prepare('SELECT count(*) AS batches, coalesce(sum(bytes), 0) AS bytes FROM batch'),
    free: db.prepare('PRAGMA freelist_count'),
  }
  const total = sql.total.get() as { batches: number; bytes: number }
  const stats: SpoolStats = {
    ...total,
    seq: lastSeq,
    added: 0,
    stored: 0,
    refused: 0,
    shedBatches: 0,
    shedObservations: 0,
    failedWrites: 0,
    writable: true,
  }
  /** Acknowledged, and deleted with the next commit: a lost delete only means one more delivery. */
  const acknowledged = new Set<number>()
  const listeners = new Set<(batch: StoredBatch) => void>()
  let pending: Pending[] = []
  let cancelTimer: (() => void) | undefined
  let closed = false

  const schedule = () => {
    cancelTimer ??= clock.after(batchMs, () => {
      cancelTimer = undefined
      flush()
      if (pending.length > 0 || acknowledged.size > 0) schedule()
    })
  }

  const refuse = (items: Pending[], limit: string) => {
    stats.refused += items.length
    for (const item of items) item.reject(new HubError('spool.full', { value: gateway, limit }))
  }

  /** Deletes the acknowledged. Inside a transaction. */
  const trim = () => {
    for (const seq of acknowledged) sql.remove.run(seq)
  }

  /** Deletes the oldest until the rest fits. Inside a transaction, after the new ones are in: those stay. */
  const shed = (bytes: number, newest: number) => {
    const gone = { batches: 0, observations: 0, bytes: 0 }
    while (bytes - gone.bytes > maxBytes) {
      const oldest = sql.oldest.get() as { seq: number; observations: number; bytes: number } | undefined
      if (!oldest || oldest.seq >= newest) break
      sql.remove.run(oldest.seq)
      gone.batches += 1
      gone.observations += oldest.observations
      gone.bytes += oldest.bytes
    }
    return gone
  }

  const write = (parts: Pending[][]): Written =>
    transaction(db, () => {
      trim()
      const packed = parts.map((part, index) => pack({ gateway, epoch, seq: stats.seq + 1 + index }, part))
      let bytes = stats.bytes
      for (const { seq, observations, payload } of packed) {
        sql.insert.run(seq, observations, payload.length, payload)
        bytes += payload.length
      }
      if (packed.length > 0) sql.number.run(stats.seq + packed.length)
      return { packed, shed: shed(bytes, stats.seq + 1) }
    })

  const commit = (items: Pending[]) => {
    const { packed, shed } = write(split(items, batchLimits))
    acknowledged.clear()
    stats.seq += packed.length
    stats.stored += items.length
    stats.batches += packed.length - shed.batches
    stats.bytes += packed.reduce((sum, batch) => sum + batch.payload.length, 0) - shed.bytes
    stats.shedBatches += shed.batches
    stats.shedObservations += shed.observations
    if (shed.batches > 0) log.warn({ ...shed, maxBytes }, 'the spool is at its capacity: the oldest batches were shed')
    return packed
  }

  /** One commit: delete what is acknowledged, store what is collected. */
  function flush() {
    const items = pending
    if (items.length === 0 && acknowledged.size === 0) return
    pending = []
    let packed: PackedBatch[]
    try {
      packed = commit(items)
    } catch (error) {
      failed(items, error)
      return
    }
    if (!stats.writable) log.info({ held: items.length }, 'the spool can write again')
    stats.writable = true
    for (const item of items) item.resolve()
    for (const { seq, payload } of packed) for (const listener of listeners) listener({ seq, payload })
    giveBack()
  }

  function failed(items: Pending[], error: unknown) {
    stats.failedWrites += 1
    const limit = error instanceof Error ? error.message : String(error)
    if (stats.writable) log.error({ limit, waiting: items.length }, 'the spool cannot write: new observations wait')
    stats.writable = false
    if (!isDiskRefusal(error)) return refuse(items, limit)
    trimAlone()
    const now = clock.now()
    const late = items.filter((item) => now - item.since >= holdMs)
    pending = items.filter((item) => now - item.since < holdMs).concat(pending)
    refuse(late, limit)
  }

  /** Deleting may succeed where storing did not, and makes room. */
  function trimAlone() {
    if (acknowledged.size === 0) return
    try {
      transaction(db, trim)
      acknowledged.clear()
    } catch {} // still full: the next round tries again
  }

  /** Returns pages to the file system a little at a time, so that no commit waits long for it. */
  function giveBack() {
    const { freelist_count: pages } = sql.free.get() as { freelist_count: number }
    if (pages < 4_096) return
    try {
      db.exec('PRAGMA incremental_vacuum(1024)')
    } catch {} // it only saves space
  }

  return {
    epoch,
    add(observation) {
      return new Promise<void>((resolve, reject) => {
        const encoded = encode(observation)
        const item = { ...encoded, since: clock.now(), resolve, reject }
        stats.added += 1
        if (closed) return refuse([item], 'the gateway is stopping')
        if (pending.length >= holdObservations) return refuse([item], `${holdObservations} observations wait already`)
        pending.push(item)
        schedule()
      })
    },
    waiting(limit) {
      const rows = sql.seqs.all(limit + acknowledged.size) as { seq: number }[]
      return rows
        .map((row) => row.seq)
        .filter((seq) => !acknowledged.has(seq))
        .slice(0, limit)
    },
    payload(seq) {
      const row = acknowledged.has(seq) ? undefined : (sql.payload.get(seq) as { payload: Uint8Array } | undefined)
      return row?.payload
    },
    acknowledge(ofEpoch, seq) {
      if (ofEpoch !== epoch || acknowledged.has(seq)) return false
      const row = sql.has.get(seq) as { bytes: number } | undefined
      if (!row) return false
      acknowledged.add(seq)
      stats.batches -= 1
      stats.bytes -= row.bytes
      if (acknowledged.size >= trimAt) trimAlone()
      else schedule()
      return true
    },
    onBatch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stats: () => stats,
    async close() {
      closed = true
      cancelTimer?.()
      flush()
      refuse(pending.splice(0), 'the gateway is stopping')
      db.close()
    },
  }
}
