/**
 * Refused logins on disk, so that a gateway that is restarted does not try a wrong password twice more at every camera. A row for each
 * count that is not 0, in a file of its own beside the spool: what cannot be read is worth less than a start, and is thrown away.
 *
 * WAL with `synchronous = NORMAL`: a commit outlives the death of the process, and a power cut loses the last ones at worst, which
 * costs a try. No fsync for each, because a city that changes its passwords is refused hundreds of times a second.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Clock, Log } from '@hub/platform'
import { isBusy, transaction } from '../spool/database.ts'
import type { LoginService, LoginStore, Refused } from './budget.ts'

/** More than twice the cameras of a whole rollout, each with a few services: beyond it the oldest give way. About 10 MB. */
const mostRows = 100_000

/** @throws when another process holds the file. */
export function openLoginStore(options: { path: string; clock: Clock; log: Log; maxRows?: number }): LoginStore {
  const { path, clock, log, maxRows = mostRows } = options
  const { db, salt, rows, lost } = openOrBegin(path, log)
  const sql = {
    put: db.prepare(
      'INSERT INTO refused_login (key, service, refused, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET refused = excluded.refused, at = excluded.at',
    ),
    remove: db.prepare('DELETE FROM refused_login WHERE key = ? AND service = ?'),
    count: db.prepare('SELECT count(*) AS rows FROM refused_login'),
    trim: db.prepare(
      'DELETE FROM refused_login WHERE (key, service) IN (SELECT key, service FROM refused_login ORDER BY at LIMIT ?)',
    ),
    begin: db.prepare('INSERT INTO login_under_way (key, service, at) VALUES (?, ?, ?)'),
    end: db.prepare('DELETE FROM login_under_way WHERE id = ?'),
    forget: db.prepare('DELETE FROM login_under_way WHERE key = ?'),
  }
  let failing = false

  const write = (key: string, changes: readonly Refused[]) => {
    for (const { service, refused } of changes)
      if (refused === 0) sql.remove.run(key, service ?? '')
      else sql.put.run(key, service ?? '', refused, clock.now())
    const now = (sql.count.get() as { rows: number }).rows
    if (now > maxRows) sql.trim.run(now - maxRows)
  }

  /** What cannot be written down is in force all the same, until this process ends. */
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      const done = work()
      if (failing) log.info({ path }, 'refused logins can be written down again')
      failing = false
      return done
    } catch (err) {
      if (!failing) log.warn({ err, path }, 'refused logins cannot be written down: a restart would forget them')
      failing = true
      return undefined
    }
  }

  return {
    salt,
    load: () => rows.map(({ key, service, refused }) => ({ key, service: service === '' ? null : service, refused })),
    loadLost: () => lost,
    save: (key, changes) => attempt(() => transaction(db, () => write(key, changes))),
    begin: (key, service) => attempt(() => Number(sql.begin.run(key, service, clock.now()).lastInsertRowid)) ?? 0,
    end: (id) => void attempt(() => sql.end.run(id)),
    forget: (key) => void attempt(() => sql.forget.run(key)),
    close: () => db.close(),
  }
}

type Row = { key: string; service: LoginService | ''; refused: number }
type Lost = { key: string; service: LoginService; at: number }
type Opened = { db: DatabaseSync; salt: Buffer; rows: Row[]; lost: Lost[] }

/** What is there, or an empty file in its place. */
function openOrBegin(path: string, log: Log): Opened {
  try {
    return open(path)
  } catch (error) {
    // Another process has it: what is written down there is in force.
    if (isBusy(error)) throw error
    log.warn(
      { path, reason: String(error).slice(0, 200) },
      'the refused logins cannot be read: every login may be tried again',
    )
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
    return open(path)
  }
}

function open(path: string): Opened {
  const db = new DatabaseSync(path)
  try {
    db.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS salt (id INTEGER PRIMARY KEY CHECK (id = 1), salt BLOB NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS refused_login (
        key TEXT NOT NULL, service TEXT NOT NULL, refused INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (key, service)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS refused_login_at ON refused_login (at);
      CREATE TABLE IF NOT EXISTS login_under_way (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, service TEXT NOT NULL, at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS login_under_way_key ON login_under_way (key);
    `)
    db.prepare('INSERT INTO salt (id, salt) VALUES (1, ?) ON CONFLICT DO NOTHING').run(randomBytes(16))
    const { salt } = db.prepare('SELECT salt FROM salt').get() as { salt: Uint8Array }
    const rows = db.prepare('SELECT key, service, refused FROM refused_login').all() as Row[]
    const lost = db.prepare('SELECT key, service, at FROM login_under_way').all() as Lost[]
    return { db, salt: Buffer.from(salt), rows, lost }
  } catch (error) {
    db.close()
    throw error
  }
}
