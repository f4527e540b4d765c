/** Prints what other rooms write: fonts and pages are made on a thread, one document after the other. */
import { Worker } from 'node:worker_threads'
import { HubError } from '@hub/contracts'
import type { Paper, Print } from '@hub/platform'
import type { Language } from '../words.ts'

export type Printing = { paper: Paper; language: Language }
export type Printed = { pdf: Uint8Array } | { refused: Pick<HubError, 'code' | 'params'> } | { failed: string }

export function createPrint(): Print {
  let last: Promise<unknown> = Promise.resolve()
  return (paper, language) => {
    const made = last.then(() => onThread({ paper, language }))
    last = made.catch(() => undefined)
    return made
  }
}

async function onThread(printing: Printing): Promise<Uint8Array> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: printing })
  const end = Promise.withResolvers<Printed>()
  worker.on('message', end.resolve)
  worker.on('error', end.reject)
  worker.on('exit', () => end.reject(new Error('the thread of a printed document has ended')))
  try {
    const printed = await end.promise
    if ('pdf' in printed) return printed.pdf
    if ('refused' in printed) throw new HubError(printed.refused.code, printed.refused.params)
    throw new Error(printed.failed)
  } finally {
    await worker.terminate()
  }
}
