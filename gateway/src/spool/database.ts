/** The spool's SQLite file: opened so that a commit is on the platter, and owned by one process. */
import { renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export type SpoolFile = { db: DatabaseSync; epoch: number; seq: number; putAside: string | undefined }

/** SQLite result codes (sqlite.org/rescode.html), low byte. */
const SQLITE_BUSY = 5
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_NOTADB = 26

const resultCode = (error: unknown): number =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : -1

/** The disk refused, not the statement: worth trying again, without a restart. */
export const isDiskRefusal = (error: unknown): boolean => [SQLITE_FULL, SQLITE_IOERR].includes(resultCode(error))

/** Another process holds the file. */
export const isBusy = (error: unknown): boolean => resultCode(error) === SQLITE_BUSY

const isUnreadable = (error: unknown): boolean => [SQLITE_CORRUPT, SQLITE_NOTADB].includes(resultCode(error))

/**
 * Opens or makes the spool at `path`. `now` (UTC ms) becomes the epoch of a new file.
 * A file that SQLite cannot read is moved aside under `putAside`: a gateway nobody visits must come up by itself, and a new
 * file has a new epoch, so no name `(epoch, seq)` is ever given twice.
 * @throws when another process holds the file: two writers would give one seq two meanings.
 */
export function openSpoolFile(path: string, now: number): SpoolFile {
  try {
    return open(path, now)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    const putAside = `${path}.unreadable-${now}`
    renameSync(path, putAside)
    for (const suffix of ['-wal', '-shm']) {
      try {
        renameSync(path + suffix, putAside + suffix)
      } catch {} // there need not be one
    }
    return { ...open(path, now), putAside }
  }
}

function open(path: string, now: number): SpoolFile {
  const db = new DatabaseSync(path)
  try {
    // auto_vacuum first: it takes effect only before the first table. EXCLUSIVE before WAL: no -shm file, and a second process is refused.
    db.exec(`
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS spool (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS batch (
        seq INTEGER PRIMARY KEY, observations INTEGER NOT NULL, bytes INTEGER NOT NULL, payload BLOB NOT NULL
      ) STRICT;
    `)
    db.prepare('INSERT INTO spool (id, epoch, seq) VALUES (1, ?, 0) ON CONFLICT DO NOTHING').run(now)
    const row = db.prepare('SELECT epoch, seq FROM spool').get() as { epoch: number; seq: number }
    return { db, epoch: row.epoch, seq: row.seq, putAside: undefined }
  } catch (error) {
    db.close()
    throw error
  }
}

/** Runs `work` in one transaction: all of it is on disk when this returns, or none of it. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK') // SQLITE_FULL may have rolled it back already
    throw error
  }
}
