/** The thread of one printed document: makes it, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { HubError } from '@hub/contracts'
import { writePdf } from '../format/pdf/pdf.ts'
import type { Printed, Printing } from './print.ts'

async function made({ paper, language }: Printing): Promise<Printed> {
  const parts: Uint8Array[] = []
  const sink = { write: (part: string | Uint8Array) => void parts.push(Buffer.from(part as Uint8Array)) }
  try {
    await writePdf(paper, sink, language, () => {})
    return { pdf: Buffer.concat(parts) }
  } catch (err) {
    if (err instanceof HubError) return { refused: { code: err.code, params: err.params } }
    return { failed: err instanceof Error ? (err.stack ?? err.message) : String(err) }
  }
}
parentPort!.postMessage(await made(workerData as Printing))
