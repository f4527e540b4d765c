/** Kysely's SQLite dialect over `node:sqlite`: the driver wants better-sqlite3's statements, which differ only in how parameters are handed over. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { SqliteDialect } from 'kysely'

/**
 * A transaction takes its turn to write at its start. Where two processes share a Record, one that reads first and then writes would
 * fail at once (SQLITE_BUSY_SNAPSHOT) whenever the other has written in between; at its start it waits.
 */
const begin = 'begin immediate'

export const nodeSqliteDialect = (sqlite: DatabaseSync): SqliteDialect =>
  new SqliteDialect({
    database: {
      close: () => sqlite.close(),
      prepare(sql) {
        const statement = sqlite.prepare(sql === 'begin' ? begin : sql)
        const spread = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...spread(parameters)),
          run: (parameters) => statement.run(...spread(parameters)),
          iterate: (parameters) => statement.iterate(...spread(parameters)),
        }
      },
    },
  })
