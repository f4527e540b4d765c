/** History in a SQLite file of its own. Sums by group are kept beside the buckets by triggers, so that a trend never reads every device. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as breathe } from 'node:timers/promises'
import { HubError } from '@hub/contracts'
import type { History, TelemetryPoint, TrendGroup, TrendRow, UptimeBucket } from './port.ts'

const schema = `
CREATE TABLE IF NOT EXISTS uptime (
  device TEXT NOT NULL, at INTEGER NOT NULL,
  district TEXT NOT NULL, application TEXT NOT NULL, carrier TEXT NOT NULL,
  up_ms INTEGER NOT NULL, down_ms INTEGER NOT NULL, unknown_ms INTEGER NOT NULL, exempt_ms INTEGER NOT NULL,
  probes INTEGER NOT NULL, p50_ms REAL, p95_ms REAL,
  PRIMARY KEY (device, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS uptime_sum (
  at INTEGER NOT NULL, district TEXT NOT NULL, application TEXT NOT NULL, carrier TEXT NOT NULL,
  up_ms INTEGER NOT NULL, down_ms INTEGER NOT NULL, unknown_ms INTEGER NOT NULL, exempt_ms INTEGER NOT NULL,
  PRIMARY KEY (at, district, application, carrier)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS uptime_in AFTER INSERT ON uptime BEGIN
  INSERT INTO uptime_sum VALUES (new.at, new.district, new.application, new.carrier, new.up_ms, new.down_ms, new.unknown_ms, new.exempt_ms)
  ON CONFLICT DO UPDATE SET up_ms = up_ms + new.up_ms, down_ms = down_ms + new.down_ms,
    unknown_ms = unknown_ms + new.unknown_ms, exempt_ms = exempt_ms + new.exempt_ms;
END;
CREATE TRIGGER IF NOT EXISTS uptime_out AFTER DELETE ON uptime BEGIN
  UPDATE uptime_sum SET up_ms = up_ms - old.up_ms, down_ms = down_ms - old.down_ms,
    unknown_ms = unknown_ms - old.unknown_ms, exempt_ms = exempt_ms - old.exempt_ms
  WHERE (at, district, application, carrier) = (old.at, old.district, old.application, old.carrier);
END;

CREATE TABLE IF NOT EXISTS telemetry (
  device TEXT NOT NULL, measure TEXT NOT NULL, at INTEGER NOT NULL, district TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (device, measure, at)
) STRICT, WITHOUT ROWID;
`

const groupColumn = {
  city: `'city'`,
  district: 'district',
  application: 'application',
  carrier: 'carrier',
} as const satisfies Record<TrendGroup, string>

/** Rows in one transaction: a few milliseconds, so that acknowledgements on the same thread do not wait for a big write. */
const chunkRows = 200

/** @param path of the file, made with its folder when missing; `:memory:` in tests. */
export function openEmbeddedHistory(path: string): History {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sqlite = new DatabaseSync(path, { timeout: 5_000 })
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  sqlite.exec(schema)

  const dropBucket = sqlite.prepare('DELETE FROM uptime WHERE device = ? AND at = ?')
  const putBucket = sqlite.prepare('INSERT INTO uptime VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const putPoint = sqlite.prepare('INSERT OR REPLACE INTO telemetry VALUES (?, ?, ?, ?, ?)')
  const buckets = sqlite.prepare('SELECT * FROM uptime WHERE device = ? AND at >= ? AND at < ? ORDER BY at')
  const points = sqlite.prepare(
    'SELECT * FROM telemetry WHERE device = ? AND measure = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT ?',
  )

  const write = async <T>(rows: readonly T[], put: (row: T) => void): Promise<void> => {
    for (let at = 0; at < rows.length; at += chunkRows) {
      if (at > 0) await breathe()
      sqlite.exec('BEGIN IMMEDIATE')
      try {
        for (const row of rows.slice(at, at + chunkRows)) put(row)
        sqlite.exec('COMMIT')
      } catch (err) {
        if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
        throw err
      }
    }
  }

  return {
    writeBuckets: (rows) =>
      write(rows, (b) => {
        // Not INSERT OR REPLACE: that runs the delete trigger only with recursive triggers on.
        dropBucket.run(b.device, b.at)
        putBucket.run(
          ...[b.device, b.at, b.district, b.application, b.carrier, b.upMs, b.downMs, b.unknownMs, b.exemptMs],
          ...[b.probes, b.p50Ms ?? null, b.p95Ms ?? null],
        )
      }),
    writeTelemetry: (rows) => write(rows, (p) => putPoint.run(p.device, p.measure, p.at, p.district, p.value)),
    async trend({ scope, from, to, stepMs, group }) {
      // node:sqlite binds every number as REAL, hence the casts: the remainder must be one of integers.
      const within = scope === 'city' ? '' : `AND district IN (${scope.map(() => '?').join(', ')})`
      const rows = sqlite
        .prepare(
          `SELECT ${groupColumn[group]} AS "group", at - (at - CAST(?1 AS INTEGER)) % CAST(?3 AS INTEGER) AS step,
             sum(up_ms) AS upMs, sum(down_ms) AS downMs, sum(unknown_ms) AS unknownMs, sum(exempt_ms) AS exemptMs
           FROM uptime_sum WHERE at >= ?1 AND at < ?2 ${within} GROUP BY 1, 2 ORDER BY 2, 1`,
        )
        .all(from, to, stepMs, ...(scope === 'city' ? [] : scope)) as (Omit<TrendRow, 'at'> & { step: number })[]
      return rows.map(({ step, ...sums }) => ({ ...sums, at: step }))
    },
    async device({ device, from, to }) {
      return (buckets.all(device, from, to) as BucketRow[]).map(toBucket)
    },
    async telemetry({ device, measure, from, to, limit }) {
      return (points.all(device, measure, from, to, limit) as TelemetryPoint[]).map((row) => ({ ...row })).reverse()
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

type BucketRow = {
  device: string
  at: number
  district: string
  application: string
  carrier: string
  up_ms: number
  down_ms: number
  unknown_ms: number
  exempt_ms: number
  probes: number
  p50_ms: number | null
  p95_ms: number | null
}

const toBucket = (row: BucketRow): UptimeBucket => ({
  device: row.device,
  district: row.district,
  application: row.application,
  carrier: row.carrier,
  at: row.at,
  upMs: row.up_ms,
  downMs: row.down_ms,
  unknownMs: row.unknown_ms,
  exemptMs: row.exempt_ms,
  probes: row.probes,
  ...(row.p50_ms !== null && { p50Ms: row.p50_ms }),
  ...(row.p95_ms !== null && { p95Ms: row.p95_ms }),
})
