/** The journal on disk: rows that a store has not yet proved to keep. One row for each point, however often it is written. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Measurement, measurements, type Row, shapeOf } from '../rows.ts'

/** `open`: to be written and read back. `settling`: read back once; to be read again later. */
export type Phase = 'open' | 'settling'

export type Waiting = { row: Row /** Grows when the point is written anew. */; version: number; tries: number }

const schema = `
CREATE TABLE IF NOT EXISTS waiting (
  measurement TEXT NOT NULL, at INTEGER NOT NULL, device TEXT NOT NULL, more TEXT NOT NULL,
  tags TEXT NOT NULL, fields TEXT NOT NULL, version INTEGER NOT NULL,
  phase TEXT NOT NULL, since INTEGER NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL,
  PRIMARY KEY (measurement, at, device, more)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS waiting_due ON waiting (phase, due);
CREATE INDEX IF NOT EXISTS waiting_since ON waiting (phase, since);
`

type Stored = { measurement: Measurement; at: number; tags: string; fields: string; version: number; tries: number }

/** What a point is about, beside its device: the same words in the same order make the same text. */
const more = ({ measurement, tags }: Row): string =>
  shapeOf(measurement)
    .identity.slice(1)
    .map((tag) => tags[tag])
    .join(' ')

const key = (row: Row) => [row.measurement, row.at, row.tags.device!, more(row)] as const

/** @param path of the file, made with its folder when missing; `:memory:` in tests. Durable at each call. */
export function openQueue(path: string) {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sqlite = new DatabaseSync(path, { timeout: 5_000 })
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304')
  sqlite.exec(schema)

  // A point that waits already with the same values is left as it is.
  const put = sqlite.prepare(
    `INSERT INTO waiting VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, 'open', ?7, ?7, 0)
     ON CONFLICT DO UPDATE SET tags = ?5, fields = ?6, version = version + 1, phase = 'open', due = ?7, tries = 0,
       since = CASE phase WHEN 'open' THEN since ELSE ?7 END
     WHERE tags <> ?5 OR fields <> ?6`,
  )
  const first = sqlite.prepare('SELECT measurement, at FROM waiting WHERE phase = ? AND due <= ? ORDER BY due LIMIT 1')
  const near = sqlite.prepare(
    `SELECT measurement, at, tags, fields, version, tries FROM waiting
     WHERE measurement = ? AND at >= ? AND at < ? AND phase = ? AND due <= ? LIMIT ?`,
  )
  const where = 'WHERE (measurement, at, device, more) = (?, ?, ?, ?) AND version = ?'
  const settle = sqlite.prepare(`UPDATE waiting SET phase = 'settling', due = ? ${where}`)
  const retry = sqlite.prepare(`UPDATE waiting SET phase = 'open', due = ?, tries = tries + 1 ${where}`)
  const park = sqlite.prepare(
    `UPDATE waiting SET phase = 'open', due = ?1, since = ?1, tries = tries + 1
     WHERE (measurement, at, device, more) = (?2, ?3, ?4, ?5) AND version = ?6`,
  )
  const drop = sqlite.prepare(`DELETE FROM waiting ${where}`)
  const expire = sqlite.prepare('DELETE FROM waiting WHERE measurement = ? AND at < ? AND phase = ?')
  const count = sqlite.prepare('SELECT count(*) AS n FROM waiting WHERE phase = ?')
  const oldest = sqlite.prepare('SELECT min(since) AS at FROM waiting WHERE phase = ?')
  const pages = sqlite.prepare(
    'SELECT (page_count - freelist_count) * page_size AS n FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  )

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
  const each = (rows: readonly Waiting[], run: (key: ReturnType<typeof keyOf>) => unknown) =>
    atomically(() => {
      for (const waiting of rows) run(keyOf(waiting))
    })
  const keyOf = ({ row, version }: Waiting) => [...key(row), version] as const

  return {
    put: (rows: readonly Row[], now: number): void =>
      atomically(() => {
        for (const row of rows) put.run(...key(row), JSON.stringify(row.tags), JSON.stringify(row.fields), now)
      }),
    /** Rows of one measurement and of times near each other, the longest due among them; none when none is due. */
    take(phase: Phase, now: number, limit: number): Waiting[] {
      const head = first.get(phase, now) as { measurement: Measurement; at: number } | undefined
      if (!head) return []
      const { window } = measurements[head.measurement]
      const rows = near.all(head.measurement, head.at, head.at + window, phase, now, limit) as Stored[]
      return rows.map(({ measurement, at, tags, fields, version, tries }) => ({
        row: { measurement, at, tags: JSON.parse(tags), fields: JSON.parse(fields) },
        version,
        tries,
      }))
    },
    // These three leave alone what was written anew meanwhile.
    settle: (rows: readonly Waiting[], due: number) => each(rows, (key) => settle.run(due, ...key)),
    retry: (rows: readonly Waiting[], due: (tries: number) => number) =>
      atomically(() => {
        for (const waiting of rows) retry.run(due(waiting.tries), ...keyOf(waiting))
      }),
    /** It is not waited for until then. */
    park: (waiting: Waiting, due: number): void => void park.run(due, ...keyOf(waiting)),
    drop: (rows: readonly Waiting[]) => each(rows, (key) => drop.run(...key)),
    /** @returns how many of them the store never gave back */
    expire(measurement: Measurement, before: number): number {
      expire.run(measurement, before, 'settling')
      return Number(expire.run(measurement, before, 'open').changes)
    },
    count: (phase: Phase): number => (count.get(phase) as { n: number }).n,
    /** Since when the oldest of them has waited; null without one. */
    oldest: (phase: Phase): number | null => (oldest.get(phase) as { at: number | null }).at,
    /** In the file, what is free in it not counted. */
    bytes: (): number => (pages.get() as { n: number }).n,
    close() {
      if (sqlite.isOpen) sqlite.close()
    },
  }
}
