/** Opens the Record: one SQLite file, one writer, durable at each commit. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, type Transaction } from 'kysely'
import { nodeSqliteDialect } from './dialect.ts'
import { migrate } from './migrate.ts'
import { openReadThread, type Reader, type Readings } from './reader.ts'
import type { RecordTables } from './schema.ts'

/**
 * There is one connection, so every statement and transaction waits its turn on it. Never write `BEGIN` on `sqlite`
 * yourself: `commit` and `transaction` are the two ways into a transaction.
 */
export interface RecordStore {
  /** Of the file; `:memory:` in tests. */
  readonly path: string
  readonly db: Kysely<RecordTables>
  /** The handle below `db`, for prepared statements of the hot path: write with them only inside `commit`. */
  readonly sqlite: DatabaseSync
  /** One synchronous transaction on the raw handle; on disk when it resolves. Nothing else runs in between. */
  commit<T>(work: (sqlite: DatabaseSync) => T): Promise<T>
  /** One transaction of Kysely queries; on disk when it resolves. */
  transaction<T>(work: (trx: Transaction<RecordTables>) => Promise<T>): Promise<T>
  /**
   * Long readings, on a thread and a read connection of their own; on this connection where the Record has no file.
   * @param readings what `module` exports
   */
  reader<M extends Readings>(module: URL, readings: M): Reader<M>
  close(): Promise<void>
}

/**
 * @param path of the file, made with its folder when missing; `:memory:` in tests.
 * @throws HubError `record.newer` when a newer program has migrated the file.
 */
export async function openRecord(path: string): Promise<RecordStore> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 })
  try {
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF')
    migrate(sqlite)
  } catch (err) {
    sqlite.close()
    throw err
  }
  const db = new Kysely<RecordTables>({ dialect: nodeSqliteDialect(sqlite) })
  const commit: RecordStore['commit'] = (work) => db.connection().execute(async () => atomically(sqlite, work))
  const reading = openReadThread(path, { db, snapshot: commit })
  return {
    ...{ path, db, sqlite, commit },
    transaction: (work) => db.transaction().execute(work),
    reader: reading.reader,
    async close() {
      await reading.close()
      await db.destroy()
      // Kysely closes only what it has used.
      if (sqlite.isOpen) sqlite.close()
    },
  }
}

function atomically<T>(sqlite: DatabaseSync, work: (sqlite: DatabaseSync) => T): T {
  sqlite.exec('BEGIN IMMEDIATE')
  try {
    const result = work(sqlite)
    sqlite.exec('COMMIT')
    return result
  } catch (err) {
    // A full disk or an I/O error may have rolled back already.
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
    throw err
  }
}
