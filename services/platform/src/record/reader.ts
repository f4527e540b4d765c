/**
 * Long readings of the Record on a thread and a read connection of their own, so that a person's question about every device never stops
 * the thread that acknowledges batches. A reading is a function that a module exports; where the Record has no file it runs on the
 * Record's one connection.
 */
import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, type ErrorParams, HubError } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { RecordTables } from './schema.ts'

export type ReadSource = {
  db: Kysely<RecordTables>
  /** One state of the Record, whatever is written meanwhile. */
  snapshot<T>(work: (sqlite: DatabaseSync) => T): Promise<T>
}

/** A reading gives one answer, or many in turn, as fast as they are taken. Question and answers are cloned: they hold data only. */
export type Readings = {
  [name: string]: (source: ReadSource, question: never) => Promise<unknown> | AsyncGenerator<unknown, void>
}
type Question<R> = R extends (source: ReadSource, question: infer Q) => unknown ? Q : never
type Answer<R> = R extends (...args: never[]) => Promise<infer A> ? A : never
type Part<R> = R extends (...args: never[]) => AsyncGenerator<infer P, void> ? P : never

export interface Reader<M extends Readings> {
  ask<K extends keyof M & string>(name: K, question: Question<M[K]>): Promise<Answer<M[K]>>
  each<K extends keyof M & string>(name: K, question: Question<M[K]>): AsyncGenerator<Part<M[K]>, void>
}

export interface ReadThread {
  /** @param readings what `module` exports */
  reader<M extends Readings>(module: URL, readings: M): Reader<M>
  close(): Promise<void>
}

/** To the thread: a question, a wish for the next of its answers, or the end of them. */
export type Asked = { id: number; module: string; name: string; question: unknown } | { id: number; next: boolean }
export type Told = { id: number; value: unknown; done: boolean } | { id: number; code: ErrorCode; params: ErrorParams }

/** @param source where the Record has no file: there is no thread */
export function openReadThread(
  path: string,
  source: ReadSource,
  start = () => new Worker(new URL('./reader-worker.ts', import.meta.url), { workerData: path }),
): ReadThread {
  return path === ':memory:' ? readInPlace(source) : readOnThread(start)
}

const readInPlace = (source: ReadSource): ReadThread => ({
  reader: (_module, readings) => ({
    ask: (name, question) => readings[name]!(source, question as never) as Promise<never>,
    each: (name, question) => readings[name]!(source, question as never) as AsyncGenerator<never, void>,
  }),
  close: async () => {},
})

type Waiting = { resolve(told: { value: unknown; done: boolean }): void; reject(error: HubError): void }

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
    worker.on('message', (told: Told) => {
      const asked = waiting.get(told.id)
      waiting.delete(told.id)
      if (waiting.size === 0) worker.unref()
      if ('code' in told) asked?.reject(new HubError(told.code, told.params))
      else asked?.resolve(told)
    })
    worker.on('error', (err) => fail(`reading: ${err.message}`))
    worker.on('exit', () => fail('reading: the thread has ended'))
    worker.unref()
    return mine
  }
  const send = (asked: Asked) =>
    new Promise<{ value: unknown; done: boolean }>((resolve, reject) => {
      if (closed) return reject(new HubError('internal', { value: 'reading: closed' }))
      thread ??= open()
      thread.waiting.set(asked.id, { resolve, reject })
      thread.worker.ref()
      thread.worker.postMessage(asked)
    })
  async function* each(module: URL, name: string, question: unknown): AsyncGenerator<never, void> {
    const id = ++last
    const on = thread
    let told = await send({ id, module: module.href, name, question })
    try {
      for (; !told.done; told = await send({ id, next: true })) yield told.value as never
    } finally {
      if (!told.done && thread && (on === undefined || on === thread)) thread.worker.postMessage({ id, next: false })
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
