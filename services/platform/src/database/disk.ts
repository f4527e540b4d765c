/** A disk that is full or fails, and files that nobody else may read. */
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** SQLITE_IOERR and SQLITE_FULL (sqlite.org/rescode.html), low byte. */
const refusals = [10, 13]

/** The disk refused, and not the statement: it may be tried again later. */
export const isDiskRefusal = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && refusals.includes(Number(error.errcode) & 0xff)

/** From now on this process makes files for its own user alone; so are the folder, which is made when missing, and the files that lie in it. */
export function keepPrivate(folder: string): void {
  process.umask(0o077)
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isFile()) chmodSync(join(folder, entry.name), 0o600)
}
