/**
 * Actions that were done, by their keys, on disk: the centre asks again for what it has no receipt of, also after a restart of either side,
 * and nothing may be done twice. WAL with `synchronous = FULL`, as the spool.
 */
import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export interface DoneStore {
  get(key: string): { result: unknown } | undefined
  put(key: string, result: unknown, at: number): void
  close(): void
}

/** Nobody asks again for what is older than this. */
const keptMs = 7 * 86_400_000

/** @param path of the file; `:memory:` in tests */
export function openDoneStore(path: string): DoneStore {
  const db = new DatabaseSync(path, { timeout: 5_000 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  db.exec(`CREATE TABLE IF NOT EXISTS done (key TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, result TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS done_by_time ON done (at)`)
  if (path !== ':memory:') chmodSync(path, 0o600)
  const find = db.prepare('SELECT result FROM done WHERE key = ?')
  const put = db.prepare('INSERT INTO done (key, at, result) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const drop = db.prepare('DELETE FROM done WHERE at < ?')
  return {
    get(key) {
      const row = find.get(key) as { result: string } | undefined
      return row && { result: JSON.parse(row.result) }
    },
    put(key, result, at) {
      put.run(key, at, JSON.stringify(result))
      drop.run(at - keptMs)
    },
    close: () => db.close(),
  }
}
