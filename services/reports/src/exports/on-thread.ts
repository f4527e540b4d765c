/** Makes an export on a thread of its own. */
import { Worker } from 'node:worker_threads'
import type { Outcome, Progress, Task } from '../task.ts'

/** Given up when the signal is aborted. */
export type Make = (task: Task, onProgress: (progress: Progress) => void, signal: AbortSignal) => Promise<Outcome>

export const onThread: Make = async (task, onProgress, signal) => {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: task })
  const end = Promise.withResolvers<Outcome>()
  worker.on('message', (message: Progress | Outcome) => {
    if (message.kind === 'progress') onProgress(message)
    else end.resolve(message)
  })
  worker.on('error', end.reject)
  worker.on('exit', () => end.reject(new Error('the thread of an export has ended')))
  signal.addEventListener('abort', () => void worker.terminate(), { once: true })
  try {
    return await end.promise
  } finally {
    await worker.terminate()
  }
}
