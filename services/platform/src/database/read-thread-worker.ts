/** The thread of long queries: its own read connection, and the modules whose queries it runs. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { HubError } from '@hub/contracts'
import { Kysely } from 'kysely'
import { nodeSqliteDialect } from './dialect.ts'
import type { Queries, ReadRequest, ReadResponse, ReadSource } from './read-thread.ts'
import type { PlatformTables } from './tables.ts'

const sqlite = new DatabaseSync(workerData as string, { readOnly: true, timeout: 5_000 })
// 32 MB of pages. The file is not mapped: that counts as memory of the process, up to the whole Record; to read a page that is not kept
// costs 2 µs more.
sqlite.exec('PRAGMA cache_size = -32768; PRAGMA query_only = TRUE; PRAGMA trusted_schema = OFF')
const db = new Kysely<PlatformTables>({ dialect: nodeSqliteDialect(sqlite) })

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

async function answer(request: ReadRequest): Promise<ReadResponse | undefined> {
  const { id } = request
  try {
    if ('next' in request) return await next(id, request.next)
    const queries = (await import(request.module)) as Queries
    const given = queries[request.name]!(source, request.question as never)
    if (given instanceof Promise) return { id, value: await given, done: true }
    open.set(id, given)
    return await next(id, true)
  } catch (err) {
    open.delete(id)
    if (err instanceof HubError) return { id, code: err.code, params: err.params }
    return { id, code: 'internal', params: { value: err instanceof Error ? err.message : String(err) } }
  }
}

async function next(id: number, wanted: boolean): Promise<ReadResponse | undefined> {
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

parentPort!.on('message', async (request: ReadRequest) => {
  const response = await answer(request)
  if (response) parentPort!.postMessage(response)
})
