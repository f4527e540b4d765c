/** Every SQL statement of ingest, prepared once on the Record's handle. Writes happen only inside `record.commit`. */
import type { DatabaseSync } from 'node:sqlite'
import type { DeviceEvent, Interval, Observation } from '@hub/contracts'
import type { DeviceHealth, Run } from '@hub/core'
import { restatedMarker } from '@hub/platform'
import type { Readings } from './readings.ts'

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
  readings: Readings
}

type RunRow = {
  first_at: number
  last_at: number
  fresh_until: number
  count: number
  verdict: Run['verdict']
  rung: Run['rung']
  reason: NonNullable<Run['reason']> | null
  heads: string
}
type IntervalRow = { from_at: number; to_at: number | null; state: Interval['state']; rule: string }

const runOf = (r: RunRow): Run => ({
  verdict: r.verdict,
  rung: r.rung,
  ...(r.reason === null ? {} : { reason: r.reason }),
  firstAt: r.first_at,
  lastAt: r.last_at,
  freshUntil: r.fresh_until,
  count: r.count,
  heads: JSON.parse(r.heads),
})
const intervalOf = (r: IntervalRow): Interval => ({
  from: r.from_at,
  to: r.to_at,
  state: r.state,
  rule: JSON.parse(r.rule),
})

export type Store = ReturnType<typeof createStore>

export function createStore(sqlite: DatabaseSync) {
  const insertBatch = sqlite.prepare('INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const insertDeadLetter = sqlite.prepare('INSERT INTO dead_letter (at, source, reason, payload) VALUES (?, ?, ?, ?)')
  const putState = sqlite.prepare(
    `INSERT INTO device_state (device, state, since, rule, last_at, recent, health, applied, clock_offset_ms, clock_at, picture,
     picture_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (device) DO UPDATE SET state = excluded.state, since = excluded.since, rule = excluded.rule,
     last_at = excluded.last_at, recent = excluded.recent, health = excluded.health, applied = excluded.applied,
     clock_offset_ms = excluded.clock_offset_ms, clock_at = excluded.clock_at, picture = excluded.picture,
     picture_at = excluded.picture_at`,
  )
  const putRun = sqlite.prepare('INSERT OR REPLACE INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const putInterval = sqlite.prepare('INSERT OR REPLACE INTO interval VALUES (?, ?, ?, ?, ?)')
  const putEvent = sqlite.prepare('INSERT OR IGNORE INTO device_event VALUES (?, ?, ?, ?, ?, ?)')
  const dropNoticed = sqlite.prepare(
    `DELETE FROM device_event WHERE (device, at, kind, source, to_value) IN (SELECT device, at, kind, source, to_value
     FROM device_event WHERE kind IN ('motion', 'tamper', 'video-loss', 'digital-input') AND at < ? ORDER BY at LIMIT ?)`,
  )
  const dropRun = sqlite.prepare('DELETE FROM evidence WHERE device = ? AND first_at = ?')
  const dropIntervals = sqlite.prepare('DELETE FROM interval WHERE device = ? AND from_at >= ? AND from_at < ?')
  const states = sqlite.prepare(
    'SELECT device, health, recent, applied, clock_offset_ms, clock_at, picture, picture_at FROM device_state',
  )
  const runsFrom = sqlite.prepare('SELECT * FROM evidence WHERE device = ? AND first_at >= ? ORDER BY first_at')
  const runsBefore = sqlite.prepare('SELECT * FROM evidence WHERE device = ? AND first_at < ? ORDER BY first_at DESC')
  const intervalsFrom = sqlite.prepare('SELECT * FROM interval WHERE device = ? AND from_at >= ? ORDER BY from_at')
  const intervalsBefore = sqlite.prepare(
    'SELECT * FROM interval WHERE device = ? AND from_at < ? ORDER BY from_at DESC LIMIT ?',
  )
  const intervalsIn = sqlite.prepare(
    `SELECT * FROM interval WHERE device = ? AND from_at < ? AND from_at >=
     coalesce((SELECT max(from_at) FROM interval WHERE device = ? AND from_at <= ?), 0) ORDER BY from_at`,
  )
  const batchesAfter = sqlite.prepare('SELECT * FROM batch WHERE id > ? ORDER BY id LIMIT ?')
  const batchesAt = sqlite.prepare(
    'SELECT * FROM batch WHERE gateway = ? AND first_at > ? AND first_at < ? AND last_at >= ? AND count > 0 ORDER BY id',
  )
  const dropBatches = sqlite.prepare(
    'DELETE FROM batch WHERE id IN (SELECT id FROM batch WHERE id <= ? AND received_at < ? ORDER BY id LIMIT ?)',
  )
  const newestBatch = sqlite.prepare('SELECT max(id) AS id FROM batch')
  const dropDeadLetters = sqlite.prepare('DELETE FROM dead_letter WHERE id <= (SELECT max(id) FROM dead_letter) - ?')
  const getMeta = sqlite.prepare('SELECT value FROM meta WHERE key = ?')
  const putMeta = sqlite.prepare(
    'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const dropMeta = sqlite.prepare('DELETE FROM meta WHERE key = ?')
  const metaUnder = sqlite.prepare('SELECT key, value FROM meta WHERE key >= ? AND key < ? ORDER BY key')

  return {
    /** The device's states in `[from, to)` have changed: days that are rolled up are derived again. */
    markRestated: restatedMarker(sqlite),

    insertBatch: (b: BatchRow) =>
      void insertBatch.run(b.id, b.gateway, b.epoch, b.seq, b.first_at, b.last_at, b.count, b.received_at, b.payload),
    insertDeadLetter: (at: number, source: string, reason: string, payload: Uint8Array) =>
      void insertDeadLetter.run(at, source, reason, payload),

    /** @param recent newest first */
    putState: (
      device: string,
      {
        health,
        recent,
        applied,
        readings,
      }: Omit<StandingRow, 'device' | 'recent'> & { recent: readonly Observation[] },
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
        readings.clockOffsetMs,
        readings.clockAt,
        readings.picture,
        readings.pictureAt,
      ),
    putRun: (device: string, r: Run) =>
      void putRun.run(
        device,
        r.firstAt,
        r.lastAt,
        r.freshUntil,
        r.count,
        r.verdict,
        r.rung,
        r.reason ?? null,
        JSON.stringify(r.heads),
      ),
    putInterval: (device: string, i: Interval) =>
      void putInterval.run(device, i.from, i.to, i.state, JSON.stringify(i.rule)),
    /** @returns false when it was there already. */
    putEvent: ({ device, at, kind, source, from, to }: DeviceEvent) =>
      putEvent.run(device, at, kind, source ?? '', from, to).changes > 0,
    /** Changes of an identity stay for ever: they are few. */
    dropNoticed: (before: number, limit: number) => void dropNoticed.run(before, limit),
    dropRun: (device: string, firstAt: number) => void dropRun.run(device, firstAt),
    dropIntervals: (device: string, from: number, to: number) => void dropIntervals.run(device, from, to),

    *standings(): Generator<StandingRow> {
      for (const row of states.iterate() as Iterable<{
        device: string
        health: string | null
        recent: string
        applied: number
        clock_offset_ms: number | null
        clock_at: number | null
        picture: Readings['picture']
        picture_at: number | null
      }>)
        if (row.health !== null)
          yield {
            device: row.device,
            health: JSON.parse(row.health),
            recent: JSON.parse(row.recent),
            applied: row.applied,
            readings: {
              ...{ clockOffsetMs: row.clock_offset_ms, clockAt: row.clock_at },
              ...{ picture: row.picture, pictureAt: row.picture_at },
            },
          }
    },
    /** Runs that begin at or after `from`, oldest first. */
    runsFrom: (device: string, from: number): Run[] => (runsFrom.all(device, from) as RunRow[]).map(runOf),
    /** Runs that begin before `at`, newest first, read only as far as they are asked for. */
    *runsBefore(device: string, at: number): Generator<Run> {
      for (const row of runsBefore.iterate(device, at) as Iterable<RunRow>) yield runOf(row)
    },
    intervalsFrom: (device: string, from: number): Interval[] =>
      (intervalsFrom.all(device, from) as IntervalRow[]).map(intervalOf),
    /** The last intervals that begin before `at`, oldest first. */
    intervalsBefore: (device: string, at: number, limit: number): Interval[] =>
      (intervalsBefore.all(device, at, limit) as IntervalRow[]).map(intervalOf).reverse(),

    /** Intervals that overlap `[from, to)`. */
    intervalsIn: (device: string, from: number, to: number): Interval[] =>
      (intervalsIn.all(device, to, device, from) as IntervalRow[]).map(intervalOf),

    batchesAfter: (id: number, limit: number) => batchesAfter.all(id, limit) as BatchRow[],
    /** Batches of a gateway that may hold looks of `[from, to]`; `span` is the longest time one batch covers. */
    batchesAt: (gateway: string, from: number, to: number, span: number) =>
      batchesAt.all(gateway, from - span - 1, to + 1, from) as BatchRow[],
    dropBatches: (upTo: number, receivedBefore: number, limit: number) =>
      Number(dropBatches.run(upTo, receivedBefore, limit).changes),
    newestBatch: () => (newestBatch.get() as { id: number | null }).id ?? 0,
    dropDeadLetters: (keep: number) => void dropDeadLetters.run(keep),

    meta: (key: string) => (getMeta.get(key) as { value: string } | undefined)?.value,
    putMeta: (key: string, value: string) => void putMeta.run(key, value),
    dropMeta: (key: string) => void dropMeta.run(key),
    /** Entries whose key begins with `prefix`, in order of key. */
    metaUnder: (prefix: string) => metaUnder.all(prefix, `${prefix}\uffff`) as { key: string; value: string }[],
  }
}
