/** JSON: what the report's own route answers. */
import type { ReportDocument } from '../document.ts'
import type { Sink } from './sink.ts'

const pieceLength = 64 * 1024

/** @param tick after each piece */
export function writeJson({ json }: ReportDocument, sink: Sink, tick: () => void): void {
  let waiting = ''
  for (const part of json) {
    waiting += part
    tick()
    if (waiting.length < pieceLength) continue
    sink.write(waiting)
    waiting = ''
  }
  sink.write(`${waiting}\n`)
}
