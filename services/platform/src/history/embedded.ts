/** History in a SQLite file of its own. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { HubError } from '@hub/contracts'
import { yieldToEventLoop } from '../yield.ts'
import { schema } from './embedded-schema.ts'
import { type Keep, keptFrom } from './keep.ts'
import type { History, ProbeBucket, Series, TelemetryPoint, TrendGroup, TrendRow, UptimeBucket } from './port.ts'
import type { Kept } from './rows.ts'
import { coarsest, type Step } from './steps.ts'

const groupColumn = {
  city: `'city'`,
  district: 'district',
  application: 'application',
  carrier: 'carrier',
} as const satisfies Record<TrendGroup, string>

const keptOf = { '5m': 'fiveMinutes', '1h': 'hours', '1d': 'days' } as const satisfies Record<Step, Kept>
const tables = [
  ...(['5m', '1h', '1d'] as const).map((step) => [`uptime_${step}`, keptOf[step]] as const),
  ...(['5m', '1h'] as const).map((step) => [`probe_${step}`, keptOf[step]] as const),
]

/** Rows in one transaction: a few milliseconds, so that acknowledgements on the same thread do not wait for a big write. */
const chunkRows = 200

export type EmbeddedOptions = { keep: Keep; now(): number }

/** The History, and the work of forgetting: to be called now and then. */
export type EmbeddedHistory = History & {
  /** Deletes what is older than it is kept, little by little. @returns rows deleted */
  trim(): Promise<number>
}

/** @param path of the file, made with its folder when missing; `:memory:` in tests. */
export function openEmbeddedHistory(path: string, { keep, now }: EmbeddedOptions): EmbeddedHistory {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sqlite = new DatabaseSync(path, { timeout: 5_000 })
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  sqlite.exec(schema)

  /** Statements for each table, prepared at the first use. */
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  const sql = (text: string) => {
    let statement = prepared.get(text)
    if (!statement) {
      statement = sqlite.prepare(text)
      prepared.set(text, statement)
    }
    return statement
  }
  /** The number of a name, given at its first use. Not remembered beside the file: a transaction that fails takes new numbers back. */
  const keyOf = (table: 'device' | 'series', columns: string, ...values: SQLInputValue[]): number => {
    const marks = values.map(() => '?').join(', ')
    const find = sql(`SELECT key FROM ${table} WHERE (${columns}) = (${marks})`)
    const found = find.get(...values) as { key: number } | undefined
    if (found) return found.key
    return Number(sql(`INSERT INTO ${table} (${columns}) VALUES (${marks})`).run(...values).lastInsertRowid)
  }
  const device = (id: string) => keyOf('device', 'id', id)
  const series = (s: Series) => keyOf('series', 'district, application, carrier', s.district, s.application, s.carrier)

  const atomically = <T>(work: () => T): T => {
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      sqlite.exec('COMMIT')
      return result
    } catch (err) {
      if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
      throw err
    }
  }
  const write = async <T extends { at: number }>(kept: Kept, rows: readonly T[], put: (row: T) => void) => {
    const from = keptFrom(keep, kept, now())
    const young = rows.filter((row) => row.at >= from)
    for (let at = 0; at < young.length; at += chunkRows) {
      if (at > 0) await yieldToEventLoop()
      // On disk with the last: a flush for each part would hold this thread a hundred times in five minutes.
      sqlite.exec(`PRAGMA synchronous = ${at + chunkRows < young.length ? 'NORMAL' : 'FULL'}`)
      atomically(() => young.slice(at, at + chunkRows).forEach(put))
    }
  }
  const bucketsOf = <T>(table: string, id: string, from: number, to: number): T[] =>
    sql(
      `SELECT t.*, id AS device, district, application, carrier FROM ${table} t
       JOIN device ON device.key = t.device JOIN series ON series.key = t.series
       WHERE t.device = (SELECT key FROM device WHERE id = ?) AND at >= ? AND at < ? ORDER BY at`,
    ).all(id, from, to) as T[]

  return {
    writeUptime: (step, rows) =>
      write(keptOf[step], rows, (b) => {
        const key = device(b.device)
        // Not INSERT OR REPLACE: that runs the delete trigger only with recursive triggers on.
        sql(`DELETE FROM uptime_${step} WHERE device = ? AND at = ?`).run(key, b.at)
        const times = [b.upMs, b.downMs, b.unknownMs, b.exemptMs]
        if (times.some((time) => time > 0))
          sql(`INSERT INTO uptime_${step} VALUES (?, ?, ?, ?, ?, ?, ?)`).run(key, b.at, series(b), ...times)
      }),
    writeProbes: (step, rows) =>
      write(keptOf[step], rows, (b) =>
        sql(`INSERT OR REPLACE INTO probe_${step} VALUES (?, ?, ?, ?, ?, ?, ?)`).run(
          ...[device(b.device), b.at, series(b), b.probes, b.p50Ms ?? null, b.p95Ms ?? null, b.clockOffsetMs ?? null],
        ),
      ),
    writeTelemetry: (rows) =>
      write('telemetry', rows, (p) =>
        sql('INSERT OR REPLACE INTO telemetry VALUES (?, ?, ?, ?, ?)').run(
          ...[p.device, p.measure, p.at, p.district, p.value],
        ),
      ),
    async trend({ scope, from, to, stepMs, group }) {
      // node:sqlite binds every number as REAL, hence the casts: the remainder must be one of integers.
      const within = scope === 'city' ? '' : `AND district IN (${scope.map(() => '?').join(', ')})`
      const rows = sqlite
        .prepare(
          `SELECT ${groupColumn[group]} AS "group", at - (at - CAST(?1 AS INTEGER)) % CAST(?3 AS INTEGER) AS step,
             sum(up_ms) AS upMs, sum(down_ms) AS downMs, sum(unknown_ms) AS unknownMs, sum(exempt_ms) AS exemptMs
           FROM sum_${coarsest({ from, to, stepMs })} JOIN series ON series.key = series
           WHERE at >= ?1 AND at < ?2 ${within} GROUP BY 1, 2 HAVING upMs + downMs + unknownMs + exemptMs > 0 ORDER BY 2, 1`,
        )
        .all(from, to, stepMs, ...(scope === 'city' ? [] : scope)) as (Omit<TrendRow, 'at'> & { step: number })[]
      return rows.map(({ step, ...sums }) => ({ ...sums, at: step }))
    },
    uptime: async ({ device, step, from, to }) =>
      bucketsOf<UptimeColumns>(`uptime_${step}`, device, from, to).map(toUptime),
    probes: async ({ device, step, from, to }) =>
      bucketsOf<ProbeColumns>(`probe_${step}`, device, from, to).map(toProbes),
    async telemetry({ device, measure, from, to, limit }) {
      const newest = sql(
        'SELECT * FROM telemetry WHERE device = ? AND measure = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT ?',
      ).all(device, measure, from, to, limit) as TelemetryPoint[]
      return newest.map((row) => ({ ...row })).reverse()
    },
    async trim() {
      let count = 0
      const at = now()
      for (const step of ['5m', '1h', '1d'] as const)
        sqlite.prepare(`DELETE FROM sum_${step} WHERE at < ?`).run(keptFrom(keep, keptOf[step], at))
      const forget = (table: string, column: string, of: number | string, kept: Kept) => {
        if (keep[kept] === 'forever') return
        const old = sql(`DELETE FROM ${table} WHERE ${column} = ? AND at < ?`).run(of, keptFrom(keep, kept, at))
        count += Number(old.changes)
      }
      for (const { key } of sqlite.prepare('SELECT key FROM device').all() as { key: number }[]) {
        if (!sqlite.isOpen) return count
        atomically(() => {
          for (const [table, kept] of tables) forget(table, 'device', key, kept)
        })
        await yieldToEventLoop()
      }
      for (const { id } of sensorIds(sqlite)) {
        if (!sqlite.isOpen) return count
        forget('telemetry', 'device', id, 'telemetry')
        await yieldToEventLoop()
      }
      return count
    },
    async ready() {
      try {
        sqlite.prepare('SELECT 1').get()
      } catch (err) {
        throw new HubError('history.unavailable', { limit: String(err) }, { cause: err })
      }
    },
    async close() {
      if (sqlite.isOpen) sqlite.close()
    },
  }
}

/** By a skip from each to the next: reading every value would take long. */
const sensorIds = (sqlite: DatabaseSync) =>
  sqlite
    .prepare(
      `WITH RECURSIVE sensor(id) AS (SELECT min(device) FROM telemetry
         UNION ALL SELECT (SELECT min(device) FROM telemetry WHERE device > id) FROM sensor WHERE id IS NOT NULL)
       SELECT id FROM sensor WHERE id IS NOT NULL`,
    )
    .all() as { id: string }[]

type UptimeColumns = Series & { at: number; up_ms: number; down_ms: number; unknown_ms: number; exempt_ms: number }
const toUptime = (r: UptimeColumns): UptimeBucket => ({
  device: r.device,
  district: r.district,
  application: r.application,
  carrier: r.carrier,
  at: r.at,
  upMs: r.up_ms,
  downMs: r.down_ms,
  unknownMs: r.unknown_ms,
  exemptMs: r.exempt_ms,
})

type ProbeColumns = Series & {
  at: number
  probes: number
  p50_ms: number | null
  p95_ms: number | null
  clock_offset_ms: number | null
}
const toProbes = (r: ProbeColumns): ProbeBucket => ({
  device: r.device,
  district: r.district,
  application: r.application,
  carrier: r.carrier,
  at: r.at,
  probes: r.probes,
  ...(r.p50_ms !== null && { p50Ms: r.p50_ms }),
  ...(r.p95_ms !== null && { p95Ms: r.p95_ms }),
  ...(r.clock_offset_ms !== null && { clockOffsetMs: r.clock_offset_ms }),
})
