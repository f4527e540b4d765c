/** The calling side of the thread. A thread that dies is started again by the next question; what it was asked is rejected. */
import { Worker } from 'node:worker_threads'
import { type ErrorCode, type ErrorParams, HubError, type UptimeRow } from '@hub/contracts'
import type { Uptime, UptimePoint } from './port.ts'

export type Asked = {
  id: number
  question: { kind: 'by'; of: Parameters<Uptime['by']>[0] } | { kind: 'series'; of: Parameters<Uptime['series']>[0] }
}
export type Told =
  | { id: number; value: UptimeRow[] | UptimePoint[] }
  | { id: number; error: { code: ErrorCode; params: ErrorParams } }

type Waiting = { resolve(value: never): void; reject(error: HubError): void }

/** @param path of the Record's file, which must exist */
export function uptimeThread(
  path: string,
  start = () => new Worker(new URL('./worker.ts', import.meta.url), { workerData: path }),
): Uptime {
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
      if ('value' in told) asked?.resolve(told.value as never)
      else asked?.reject(new HubError(told.error.code, told.error.params))
    })
    worker.on('error', (err) => fail(`uptime: ${err.message}`))
    worker.on('exit', () => fail('uptime: the thread has ended'))
    worker.unref()
    return mine
  }
  const ask = <T>(question: Asked['question']) =>
    new Promise<T>((resolve, reject) => {
      if (closed) return reject(new HubError('internal', { value: 'uptime: closed' }))
      thread ??= open()
      const id = ++last
      thread.waiting.set(id, { resolve, reject })
      thread.worker.ref()
      thread.worker.postMessage({ id, question } satisfies Asked)
    })

  return {
    by: (of) => ask({ kind: 'by', of }),
    series: (of) => ask({ kind: 'series', of }),
    async close() {
      closed = true
      await thread?.worker.terminate()
    },
  }
}
