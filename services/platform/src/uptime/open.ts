/** The uptime questions on a thread of their own; on the Record's one connection where it has no file. */
import type { RecordStore } from '../record/open.ts'
import { createAnswers } from './answer.ts'
import type { Uptime } from './port.ts'
import { uptimeThread } from './thread.ts'

export function openUptime(record: RecordStore): Uptime {
  if (record.path !== ':memory:') return uptimeThread(record.path)
  const answers = createAnswers(record.sqlite)
  return {
    by: (selection) => record.commit(() => answers.by(selection)),
    series: (selection) => record.commit(() => answers.series(selection)),
    close: async () => {},
  }
}
