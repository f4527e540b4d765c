/** Opens the Record: one SQLite file, one writer, durable at each commit. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, type Transaction } from 'kysely'
import { createTurnPacer } from '../yield.ts'
import { nodeSqliteDialect } from './dialect.ts'
import { atomically, migrate, type RecordSchema } from './migrate.ts'
import { openReadThread, type Queries, type Reader } from './read-thread.ts'
import type { PlatformTables } from './tables.ts'

/**
 * There is one connection, so every statement and transaction waits its turn on it. Never write `BEGIN` on `sqlite`
 * yourself: `commit` and `transaction` are the two ways into a transaction.
 */
export interface RecordStore<T = PlatformTables> {
  /** Of the file; `:memory:` in tests. */
  readonly path: string
  readonly db: Kysely<T>
  /** The handle below `db`, for prepared statements of the hot path: write with them only inside `commit`. */
  readonly sqlite: DatabaseSync
  /** One synchronous transaction on the raw handle; on disk when it resolves. Nothing else runs in between. */
  commit<R>(work: (sqlite: DatabaseSync) => R): Promise<R>
  /** One transaction of Kysely queries; on disk when it resolves. */
  transaction<R>(work: (trx: Transaction<T>) => Promise<R>): Promise<R>
  /**
   * Long queries, on a thread and a read connection of their own; on this connection where the Record has no file.
   * @param queries what `module` exports
   */
  reader<M extends Queries>(module: URL, queries: M): Reader<M>
  /** Resolves when something could be written. */
  ready(now: number): Promise<void>
  /** Called after each commit, of either way; what it does must be quick. */
  afterCommit(listener: () => void): void
  close(): Promise<void>
}

/** The Record as one room sees it: its own tables and the views of others. Only types change. */
// biome-ignore lint/suspicious/noExplicitAny: any room's tables
export const tablesOf = <T>(record: RecordStore<any>): RecordStore<PlatformTables & T> => record

/** The same of a transaction that somebody else has begun: what a consumer of the outbox is given. */
export const tablesIn = <T>(trx: Transaction<PlatformTables>): Transaction<PlatformTables & T> =>
  trx as unknown as Transaction<PlatformTables & T>

/**
 * @param schema tables and views that it is to have
 * @param path of the file, made with its folder when missing; `:memory:` in tests.
 * @throws HubError `record.newer` when a newer program has migrated the file.
 */
export async function openRecord(path: string, schema: RecordSchema): Promise<RecordStore> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 })
  try {
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF')
    // SQLite's own 2 MB hold no table of a city: each batch of states would read its pages of the file again.
    sqlite.exec('PRAGMA cache_size = -16384')
    migrate(sqlite, schema)
  } catch (err) {
    sqlite.close()
    throw err
  }
  // Each commit waits for the disk: however many wait for their turn, timers and sockets have theirs in between. Memory has no disk.
  const pace = path === ':memory:' ? undefined : createTurnPacer()
  const db = new Kysely<PlatformTables>({ dialect: nodeSqliteDialect(sqlite, pace) })
  const listeners: (() => void)[] = []
  /** While the connection is still held: nobody has written anything since the commit. */
  const committed = <T>(result: T): T => {
    for (const listener of listeners) listener()
    return result
  }
  const commit: RecordStore['commit'] = (work) =>
    db.connection().execute(async () => committed(atomically(sqlite, work)))
  const readThread = openReadThread(path, { db, snapshot: commit })
  return {
    path,
    db,
    sqlite,
    commit,
    transaction: (work) =>
      db.connection().execute(async (connection) => committed(await connection.transaction().execute(work))),
    async ready(now) {
      const value = String(now)
      await db
        .insertInto('setting')
        .values({ room: 'platform', key: 'ready', value })
        .onConflict((conflict) => conflict.columns(['room', 'key']).doUpdateSet({ value }))
        .execute()
    },
    afterCommit: (listener) => void listeners.push(listener),
    reader: readThread.reader,
    async close() {
      await readThread.close()
      await db.destroy()
      // Kysely closes only what it has used.
      if (sqlite.isOpen) sqlite.close()
    },
  }
}
