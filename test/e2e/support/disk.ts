/** A disk that is really full: a small tmpfs, and something else that fills it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Mounts one over an empty folder. @returns what takes it away again */
export function smallDisk(folder: string, megabytes: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' })
  return () => void spawnSync('umount', ['-l', folder])
}

const ballast = (folder: string) => join(folder, 'ballast')

/** To the last byte: what is freed meanwhile is taken, too, when it is called again. */
export function fillDisk(folder: string): void {
  for (let block = 1_048_576; block > 0; block >>= 1)
    try {
      for (;;) appendFileSync(ballast(folder), Buffer.alloc(block))
    } catch {} // ENOSPC: smaller blocks find the last bytes
}

const withDatabase = (file: string, work: (db: DatabaseSync) => void): void => {
  const db = new DatabaseSync(file, { timeout: 10_000 })
  try {
    work(db)
  } finally {
    db.close()
  }
}

/** While there is room: a table for `fillDatabase`, of which the hub knows nothing. What it trims by itself it would make room of again. */
export const makeBallastTable = (file: string): void =>
  withDatabase(file, (db) => db.exec('CREATE TABLE ballast (bytes BLOB)'))

/**
 * The same from inside a database of SQLite, which goes on in what it has taken of the disk for its log before: rows until it takes none any
 * more.
 */
export const fillDatabase = (file: string): void =>
  withDatabase(file, (db) => {
    const statement = db.prepare('INSERT INTO ballast VALUES (?)')
    for (const bytes of [1_000_000, 100_000, 10_000, 100])
      try {
        for (;;) statement.run(Buffer.alloc(bytes))
      } catch {} // SQLITE_FULL: smaller ones find the last pages
  })

export const emptyDisk = (folder: string): void => rmSync(ballast(folder), { force: true })
