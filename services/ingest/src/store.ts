/** Every SQL statement of ingest, prepared once on the Record's handle. Writes happen only inside `record.commit`. */
import type { DatabaseSync } from 'node:sqlite'
import type { DeviceEvent, Interval, Observation, RefusalReason } from '@hub/contracts'
import type { DeviceHealth } from '@hub/core'
import { deadLetterWriter, settingsOf } from '@hub/platform'
import type { Sealed } from './batch-seal.ts'
import type { DigestPacks } from './digest-packs.ts'
import { intervalPast } from './interval-past.ts'
import type { LatestValues } from './latest-values.ts'
import type { BatchPack } from './raw-pack.ts'
import { createRunStore } from './run-store.ts'

export type BatchRow = {
  id: number
  gateway: string
  epoch: number
  seq: number
  first_at: number
  last_at: number
  /** Observations applied; 0 for a batch of which all was refused. */
  count: number
  received_at: number
  /** zstd of an `ObservationBatch`. */
  payload: Uint8Array
}

/** A device as its rows stand: all that ingest knows of it up to batch `applied`. */
export type StandingRow = {
  device: string
  health: DeviceHealth
  recent: Observation[]
  applied: number
  latest: LatestValues
}

type IntervalRow = { from_at: number; to_at: number | null; state: Interval['state']; rule: string }

const intervalOf = (r: IntervalRow): Interval => ({
  from: r.from_at,
  to: r.to_at,
  state: r.state,
  rule: JSON.parse(r.rule),
})

export type Store = ReturnType<typeof createStore>

export function createStore(sqlite: DatabaseSync) {
  const insertBatch = sqlite.prepare('INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const insertDigest = sqlite.prepare('INSERT INTO batch_digest VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const findSource = sqlite.prepare('SELECT id FROM batch_source WHERE gateway = ? AND epoch = ? AND key = ?')
  const insertSource = sqlite.prepare('INSERT INTO batch_source (gateway, epoch, key) VALUES (?, ?, ?)')
  const letters = deadLetterWriter(sqlite)
  const putState = sqlite.prepare(
    `INSERT INTO device_state (device, state, since, rule, last_at, recent, health, applied, clock_offset_ms, clock_at, picture,
     picture_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (device) DO UPDATE SET state = excluded.state, since = excluded.since, rule = excluded.rule,
     last_at = excluded.last_at, recent = excluded.recent, health = excluded.health, applied = excluded.applied,
     clock_offset_ms = excluded.clock_offset_ms, clock_at = excluded.clock_at, picture = excluded.picture,
     picture_at = excluded.picture_at`,
  )
  const putInterval = sqlite.prepare('INSERT OR REPLACE INTO interval VALUES (?, ?, ?, ?, ?)')
  const past = intervalPast(sqlite)
  const putEvent = sqlite.prepare('INSERT OR IGNORE INTO device_event VALUES (?, ?, ?, ?, ?, ?)')
  const dropNoticed = sqlite.prepare(
    `DELETE FROM device_event WHERE (device, at, kind, source, to_value) IN (SELECT device, at, kind, source, to_value
     FROM device_event WHERE kind IN ('motion', 'tamper', 'video-loss', 'digital-input') AND at < ? ORDER BY at LIMIT ?)`,
  )
  const dropIntervals = sqlite.prepare('DELETE FROM interval WHERE device = ? AND from_at >= ? AND from_at < ?')
  const states = sqlite.prepare(
    'SELECT device, health, recent, applied, clock_offset_ms, clock_at, picture, picture_at FROM device_state',
  )
  const devicesAfter = sqlite.prepare(
    `SELECT device, last_at AS "lastAt" FROM device_state WHERE device > ? AND last_at IS NOT NULL ORDER BY device LIMIT ?`,
  )
  const intervalsFrom = sqlite.prepare('SELECT * FROM interval WHERE device = ? AND from_at >= ? ORDER BY from_at')
  const intervalsBefore = sqlite.prepare(
    'SELECT * FROM interval WHERE device = ? AND from_at < ? ORDER BY from_at DESC LIMIT ?',
  )
  const batchesAfter = sqlite.prepare('SELECT * FROM batch WHERE id > ? ORDER BY id LIMIT ?')
  const batchesAt = sqlite.prepare(
    'SELECT * FROM batch WHERE gateway = ? AND first_at > ? AND first_at < ? AND last_at >= ? AND count > 0 ORDER BY id',
  )
  // They are numbered as they came: where the oldest are young, none is old. A condition on all would read the whole table for that.
  const dropBatches = sqlite.prepare(
    `DELETE FROM batch WHERE id IN (SELECT id FROM (SELECT id, received_at FROM batch WHERE id <= ? ORDER BY id LIMIT ?)
     WHERE received_at < ?)`,
  )
  const countRefusal = sqlite.prepare(
    `INSERT INTO refusal VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (gateway, device, reason)
     DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at`,
  )
  const dropRefusals = sqlite.prepare('DELETE FROM refusal WHERE last_at < ?')
  const dropBatch = sqlite.prepare('DELETE FROM batch WHERE id = ?')
  const putBatchPack = sqlite.prepare('INSERT INTO batch_pack VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const packsAt = sqlite.prepare(
    'SELECT id, payload FROM batch_pack WHERE gateway = ? AND last_at >= ? AND first_at <= ? AND payload IS NOT NULL ORDER BY id',
  )
  const emptyBatchPacks = sqlite.prepare(
    `UPDATE batch_pack SET payload = NULL WHERE id IN (SELECT id FROM batch_pack WHERE received_at < ? AND payload IS NOT NULL
     ORDER BY received_at LIMIT ?)`,
  )
  const putDigestPack = sqlite.prepare('INSERT INTO batch_digest_pack VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const dropDigests = sqlite.prepare('DELETE FROM batch_digest WHERE id <= ?')
  const emptyDigestPacks = sqlite.prepare(
    `UPDATE batch_digest_pack SET payload = NULL WHERE id IN (SELECT id FROM batch_digest_pack WHERE received_to < ?
     AND payload IS NOT NULL ORDER BY received_to LIMIT ?)`,
  )
  const firstDigest = sqlite.prepare('SELECT received_at FROM batch_digest ORDER BY id LIMIT 1')
  const newestBatch = sqlite.prepare('SELECT max(id) AS id FROM batch')
  const firstReceived = sqlite.prepare('SELECT received_at FROM batch ORDER BY id LIMIT 1')
  const lastReceived = sqlite.prepare('SELECT received_at FROM batch ORDER BY id DESC LIMIT 1')

  return {
    ...createRunStore(sqlite),
    insertBatch: (b: BatchRow) =>
      void insertBatch.run(b.id, b.gateway, b.epoch, b.seq, b.first_at, b.last_at, b.count, b.received_at, b.payload),
    insertDigest: (b: Omit<BatchRow, 'payload'>, { digest, key, signature }: Sealed) => {
      const found = findSource.get(b.gateway, b.epoch, key) as { id: number } | undefined
      const source = found?.id ?? insertSource.run(b.gateway, b.epoch, key).lastInsertRowid
      insertDigest.run(b.id, source, b.seq, b.first_at, b.last_at, b.count, b.received_at, digest, signature)
    },
    insertDeadLetter: (at: number, source: string, reason: string, payload: Uint8Array) =>
      letters.put({ at, source, reason, payload }),

    /** @param recent newest first */
    putState: (
      device: string,
      { health, recent, applied, latest }: Omit<StandingRow, 'device' | 'recent'> & { recent: readonly Observation[] },
    ) =>
      void putState.run(
        device,
        health.state,
        health.since,
        JSON.stringify(health.rule),
        health.lastAt,
        JSON.stringify(recent),
        JSON.stringify(health),
        applied,
        latest.clockOffsetMs,
        latest.clockAt,
        latest.picture,
        latest.pictureAt,
      ),
    /** @param now when it is said: what it was until then is kept */
    putInterval(device: string, i: Interval, now: number) {
      past.replaced(device, i, now)
      putInterval.run(device, i.from, i.to, i.state, JSON.stringify(i.rule))
    },
    keepPastSince: past.keptSince,
    trimPast: past.trim,
    /** @returns false when it was there already. */
    putEvent: ({ device, at, kind, source, from, to }: DeviceEvent) =>
      putEvent.run(device, at, kind, source ?? '', from, to).changes > 0,
    /** Changes of an identity stay for ever: they are few. */
    dropNoticed: (before: number, limit: number) => void dropNoticed.run(before, limit),
    dropIntervals(device: string, from: number, to: number, now: number) {
      past.dropped(device, from, to, now)
      dropIntervals.run(device, from, to)
    },

    *standings(): Generator<StandingRow> {
      for (const row of states.iterate() as Iterable<{
        device: string
        health: string | null
        recent: string
        applied: number
        clock_offset_ms: number | null
        clock_at: number | null
        picture: LatestValues['picture']
        picture_at: number | null
      }>)
        if (row.health !== null)
          yield {
            device: row.device,
            health: JSON.parse(row.health),
            recent: JSON.parse(row.recent),
            applied: row.applied,
            latest: {
              clockOffsetMs: row.clock_offset_ms,
              clockAt: row.clock_at,
              picture: row.picture,
              pictureAt: row.picture_at,
            },
          }
    },
    /** In the order of their codes, those after `after` ('' for the first), as far as they were ever probed. */
    devicesAfter: (after: string, limit: number) =>
      devicesAfter.all(after, limit) as { device: string; lastAt: number }[],
    intervalsFrom: (device: string, from: number): Interval[] =>
      (intervalsFrom.all(device, from) as IntervalRow[]).map(intervalOf),
    /** The last intervals that begin before `at`, oldest first. */
    intervalsBefore: (device: string, at: number, limit: number): Interval[] =>
      (intervalsBefore.all(device, at, limit) as IntervalRow[]).map(intervalOf).reverse(),

    batchesAfter: (id: number, limit: number) => batchesAfter.all(id, limit) as BatchRow[],
    /** Batches of a gateway that may hold observations of `[from, to]`; `span` is the longest time one batch covers. */
    batchesAt: (gateway: string, from: number, to: number, span: number) =>
      batchesAt.all(gateway, from - span - 1, to + 1, from) as BatchRow[],
    dropBatches: (upTo: number, receivedBefore: number, limit: number) =>
      Number(dropBatches.run(upTo, limit, receivedBefore).changes),
    countRefusal: (gateway: string, device: string, reason: RefusalReason, count: number, at: number) =>
      void countRefusal.run(gateway, device, reason, count, at),
    /** Those of which the last came before then. */
    dropRefusals: (before: number) => void dropRefusals.run(before),
    /** In the place of these batches. */
    putBatchPack(pack: BatchPack, ids: readonly number[]) {
      const { id, gateway, firstAt, lastAt, receivedAt, batches, count, root, payload } = pack
      putBatchPack.run(id, gateway, firstAt, lastAt, receivedAt, batches, count, root, payload)
      for (const one of ids) dropBatch.run(one)
    },
    /** Packs of a gateway that may hold observations of `[from, to]`. */
    packsAt: (gateway: string, from: number, to: number) =>
      packsAt.all(gateway, from, to) as { id: number; payload: Uint8Array }[],
    /** Of packs that came before then only the root stays. */
    emptyBatchPacks: (receivedBefore: number, limit: number) =>
      Number(emptyBatchPacks.run(receivedBefore, limit).changes),
    /** In the place of all digests up to the last of them. */
    putDigestPacks({ packs, upTo }: DigestPacks) {
      for (const { id, source, batches, count, seqs, root, payload, ...one } of packs) {
        const times = [one.receivedFrom, one.receivedTo, one.firstAt, one.lastAt] as const
        putDigestPack.run(id, source, ...times, batches, count, seqs, root, payload)
      }
      dropDigests.run(upTo)
    },
    /** Of those that came before then only numbers, times and root stay. */
    emptyDigestPacks: (receivedBefore: number, limit: number) =>
      Number(emptyDigestPacks.run(receivedBefore, limit).changes),
    /** When the oldest batch came whose digest is still a row; null when there is none. */
    firstDigestAt: () => (firstDigest.get() as { received_at: number } | undefined)?.received_at ?? null,
    newestBatch: () => (newestBatch.get() as { id: number | null }).id ?? 0,
    /** When the newest batch came that is still kept; null when there is none. */
    lastReceivedAt: () => (lastReceived.get() as { received_at: number } | undefined)?.received_at ?? null,
    /** When the oldest batch came that is still a row; null when there is none. */
    firstReceivedAt: () => (firstReceived.get() as { received_at: number } | undefined)?.received_at ?? null,
    dropDeadLetters: letters.trim,

    settings: settingsOf(sqlite, 'ingest'),
  }
}
