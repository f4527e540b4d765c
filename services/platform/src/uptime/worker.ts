/** The thread that answers uptime questions: its own read connection, each answer from one snapshot of the Record. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { HubError } from '@hub/contracts'
import { createAnswers } from './answer.ts'
import type { Asked, Told } from './thread.ts'

const sqlite = new DatabaseSync(workerData as string, { readOnly: true, timeout: 5_000 })
// 64 MB of pages, and the file mapped: an edge of a window reads one page of each device.
sqlite.exec(
  'PRAGMA cache_size = -65536; PRAGMA mmap_size = 4294967296; PRAGMA query_only = TRUE; PRAGMA trusted_schema = OFF',
)
const answers = createAnswers(sqlite)

const answer = ({ id, question }: Asked): Told => {
  try {
    sqlite.exec('BEGIN')
    return { id, value: question.kind === 'by' ? answers.by(question.of) : answers.series(question.of) }
  } catch (err) {
    if (err instanceof HubError) return { id, error: { code: err.code, params: err.params } }
    return { id, error: { code: 'internal', params: { value: err instanceof Error ? err.message : String(err) } } }
  } finally {
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
  }
}

parentPort!.on('message', (asked: Asked) => parentPort!.postMessage(answer(asked)))
