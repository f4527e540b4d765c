/** The thread of long readings: its own read connection, and the modules that it is asked to read with. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { HubError } from '@hub/contracts'
import { Kysely } from 'kysely'
import { nodeSqliteDialect } from './dialect.ts'
import type { Asked, Readings, ReadSource, Told } from './reader.ts'
import type { RecordTables } from './schema.ts'

const sqlite = new DatabaseSync(workerData as string, { readOnly: true, timeout: 5_000 })
// 64 MB of pages, and the file mapped: whole tables are read, and an edge of a window reads one page of each device.
sqlite.exec(
  'PRAGMA cache_size = -65536; PRAGMA mmap_size = 4294967296; PRAGMA query_only = TRUE; PRAGMA trusted_schema = OFF',
)
const db = new Kysely<RecordTables>({ dialect: nodeSqliteDialect(sqlite) })

const source: ReadSource = {
  db,
  snapshot: (work) =>
    db.connection().execute(async () => {
      sqlite.exec('BEGIN')
      try {
        return work(sqlite)
      } finally {
        sqlite.exec('ROLLBACK')
      }
    }),
}

/** Those that give many answers and have more. */
const open = new Map<number, AsyncGenerator<unknown, void>>()

async function answer(asked: Asked): Promise<Told | undefined> {
  const { id } = asked
  try {
    if ('next' in asked) return await next(id, asked.next)
    const readings = (await import(asked.module)) as Readings
    const given = readings[asked.name]!(source, asked.question as never)
    if (given instanceof Promise) return { id, value: await given, done: true }
    open.set(id, given)
    return await next(id, true)
  } catch (err) {
    open.delete(id)
    if (err instanceof HubError) return { id, code: err.code, params: err.params }
    return { id, code: 'internal', params: { value: err instanceof Error ? err.message : String(err) } }
  }
}

async function next(id: number, wanted: boolean): Promise<Told | undefined> {
  const parts = open.get(id)
  if (wanted) {
    const { value, done = true } = (await parts?.next()) ?? { value: undefined }
    if (done) open.delete(id)
    return { id, value, done }
  }
  open.delete(id)
  await parts?.return()
  return undefined
}

parentPort!.on('message', async (asked: Asked) => {
  const told = await answer(asked)
  if (told) parentPort!.postMessage(told)
})
