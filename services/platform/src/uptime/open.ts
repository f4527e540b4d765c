/** The uptime questions on a thread of their own, so that they wait for no other reading; on the Record's one connection where it has no file. */
import type { RecordStore } from '../record/open.ts'
import { openReadThread } from '../record/reader.ts'
import type { Uptime } from './port.ts'
import * as readings from './readings.ts'

export function openUptime(record: RecordStore): Uptime {
  const thread = openReadThread(record.path, { db: record.db, snapshot: record.commit })
  const { ask } = thread.reader(new URL('./readings.ts', import.meta.url), readings)
  return {
    by: (selection) => ask('by', selection),
    series: (selection) => ask('series', selection),
    close: thread.close,
  }
}
