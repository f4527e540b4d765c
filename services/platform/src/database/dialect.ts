/** Kysely's SQLite dialect over `node:sqlite`: the driver wants better-sqlite3's statements, which differ only in how parameters are handed over. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { SqliteDialect, type SqliteDialectConfig, SqliteDriver } from 'kysely'
import { createStatementCache } from './statement-cache.ts'

/**
 * A transaction takes its turn to write at its start. Where two processes share a Record, one that reads first and then writes would
 * fail at once (SQLITE_BUSY_SNAPSHOT) whenever the other has written in between; at its start it waits.
 */
const begin = 'begin immediate'

/** @param beforeTurn awaited by whoever has got the connection, before his first statement, while the others wait for it */
export function nodeSqliteDialect(sqlite: DatabaseSync, beforeTurn?: () => Promise<void>): SqliteDialect {
  const cache = createStatementCache((sql) => {
    const statement = sqlite.prepare(sql)
    return { statement, reader: statement.columns().length > 0 }
  })
  const config: SqliteDialectConfig = {
    database: {
      close: () => sqlite.close(),
      prepare(text) {
        const sql = text === 'begin' ? begin : text
        const { statement, reader } = cache(sql)
        const spread = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
        return {
          reader,
          all: (parameters) => statement.all(...spread(parameters)),
          run: (parameters) => statement.run(...spread(parameters)),
          // Of its own: whoever takes rows may leave off.
          iterate: (parameters) => sqlite.prepare(sql).iterate(...spread(parameters)),
        }
      },
    },
  }
  class PacedDriver extends SqliteDriver {
    override async acquireConnection() {
      await beforeTurn?.()
      return super.acquireConnection()
    }
    /** A disk that is full has rolled it back already; that it cannot be done twice must not be the error that is told. */
    override async rollbackTransaction(...args: Parameters<SqliteDriver['rollbackTransaction']>) {
      if (sqlite.isTransaction) await super.rollbackTransaction(...args)
    }
  }
  const dialect = new SqliteDialect(config)
  dialect.createDriver = () => new PacedDriver(config)
  return dialect
}
