/**
 * Long queries of the Record on a thread and a read connection of their own, so that a person's question about every device never stops
 * the thread that acknowledges batches. A query is a function that a module exports; where the Record has no file it runs on the
 * Record's one connection.
 */
import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, type ErrorParams, HubError } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { PlatformTables } from './tables.ts'

export type ReadSource = {
  db: Kysely<PlatformTables>
  /** One state of the Record, whatever is written meanwhile. */
  snapshot<T>(work: (sqlite: DatabaseSync) => T): Promise<T>
}

/** A query gives one answer, or many one after another, as fast as they are taken. Question and answers are cloned: they hold data only. */
export type Queries = {
  [name: string]: (source: ReadSource, question: never) => Promise<unknown> | AsyncGenerator<unknown, void>
}
type Question<R> = R extends (source: ReadSource, question: infer Q) => unknown ? Q : never
type Answer<R> = R extends (...args: never[]) => Promise<infer A> ? A : never
type Part<R> = R extends (...args: never[]) => AsyncGenerator<infer P, void> ? P : never

export interface Reader<M extends Queries> {
  ask<K extends keyof M & string>(name: K, question: Question<M[K]>): Promise<Answer<M[K]>>
  each<K extends keyof M & string>(name: K, question: Question<M[K]>): AsyncGenerator<Part<M[K]>, void>
}

export interface ReadThread {
  /** @param queries what `module` exports */
  reader<M extends Queries>(module: URL, queries: M): Reader<M>
  close(): Promise<void>
}

/** To the thread: a query, a request for the next of its answers, or that no more are wanted. */
export type ReadRequest =
  | { id: number; module: string; name: string; question: unknown }
  | { id: number; next: boolean }
/** From the thread. */
export type ReadResponse =
  | { id: number; value: unknown; done: boolean }
  | { id: number; code: ErrorCode; params: ErrorParams }

/** @param source where the Record has no file: there is no thread */
export function openReadThread(
  path: string,
  source: ReadSource,
  start = () => new Worker(new URL('./read-thread-worker.ts', import.meta.url), { workerData: path }),
): ReadThread {
  return path === ':memory:' ? readInPlace(source) : readOnThread(start)
}

const readInPlace = (source: ReadSource): ReadThread => ({
  reader: (_module, queries) => ({
    ask: (name, question) => queries[name]!(source, question as never) as Promise<never>,
    each: (name, question) => queries[name]!(source, question as never) as AsyncGenerator<never, void>,
  }),
  close: async () => {},
})

type Waiting = { resolve(response: { value: unknown; done: boolean }): void; reject(error: HubError): void }

/** A thread that dies is started again by the next question; what it was asked is rejected. */
function readOnThread(start: () => Worker): ReadThread {
  let thread: { worker: Worker; waiting: Map<number, Waiting> } | undefined
  let closed = false
  let last = 0

  const open = () => {
    const worker = start()
    const waiting = new Map<number, Waiting>()
    const mine = { worker, waiting }
    const fail = (why: string) => {
      if (thread === mine) thread = undefined
      for (const { reject } of waiting.values()) reject(new HubError('internal', { value: why }))
      waiting.clear()
    }
    worker.on('message', (response: ReadResponse) => {
      const caller = waiting.get(response.id)
      waiting.delete(response.id)
      if (waiting.size === 0) worker.unref()
      if ('code' in response) caller?.reject(new HubError(response.code, response.params))
      else caller?.resolve(response)
    })
    worker.on('error', (err) => fail(`read thread: ${err.message}`))
    worker.on('exit', () => fail('read thread: it has ended'))
    worker.unref()
    return mine
  }
  const send = (request: ReadRequest) =>
    new Promise<{ value: unknown; done: boolean }>((resolve, reject) => {
      if (closed) return reject(new HubError('internal', { value: 'read thread: closed' }))
      thread ??= open()
      thread.waiting.set(request.id, { resolve, reject })
      thread.worker.ref()
      thread.worker.postMessage(request)
    })
  async function* each(module: URL, name: string, question: unknown): AsyncGenerator<never, void> {
    const id = ++last
    const on = thread
    let response = await send({ id, module: module.href, name, question })
    try {
      for (; !response.done; response = await send({ id, next: true })) yield response.value as never
    } finally {
      if (!response.done && thread && (on === undefined || on === thread))
        thread.worker.postMessage({ id, next: false })
    }
  }

  return {
    reader: (module) => ({
      ask: async (name, question) => (await send({ id: ++last, module: module.href, name, question })).value as never,
      each: (name, question) => each(module, name, question),
    }),
    async close() {
      closed = true
      await thread?.worker.terminate()
    },
  }
}
