/** Makes an export on a thread of its own. */
import { Worker } from 'node:worker_threads'
import type { Task, Told } from '../gathered.ts'
import type { Progress } from './write.ts'

/** @returns what was told last; when the signal is aborted it is given up. */
export type Make = (task: Task, progress: (told: Progress) => void, signal: AbortSignal) => Promise<Told>

export const onThread: Make = async (task, progress, signal) => {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: task })
  const end = Promise.withResolvers<Told>()
  worker.on('message', (told: Told) => {
    if (told.kind === 'progress') progress(told)
    else end.resolve(told)
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
