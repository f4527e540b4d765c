/** Makes one export: reads the Record on a connection of its own, and writes one file. */
import { DatabaseSync } from 'node:sqlite'
import { errorMessage, HubError } from '@hub/contracts'
import { secondMs } from '@hub/core'
import type { ReportDocument } from '../document.ts'
import { writeCsv } from '../format/csv.ts'
import { writeJson } from '../format/json.ts'
import { openSink, type Sink } from '../format/sink.ts'
import { writeXlsx } from '../format/xlsx/book.ts'
import { adjustmentReport } from '../report/adjustments.ts'
import { intervalReport } from '../report/intervals.ts'
import { kpiReport } from '../report/kpis.ts'
import { progressReport } from '../report/progress.ts'
import { scorecardReport } from '../report/scorecards.ts'
import { uptimeReport } from '../report/uptime.ts'
import type { Outcome, Progress, Task } from '../task.ts'

const progressEveryMs = secondMs

/** @param onProgress called once a second at most. */
export async function writeExport(task: Task, onProgress: (progress: Progress) => void): Promise<Outcome> {
  try {
    const sqlite = new DatabaseSync(task.record, { readOnly: true, timeout: 5_000 })
    // One snapshot for the whole report.
    sqlite.exec('PRAGMA query_only = TRUE; PRAGMA trusted_schema = OFF; BEGIN')
    const document = documentOf(task, sqlite)
    const sink = openSink(task.file)
    const rows = await write(document, sink, task, onProgress)
    sink.close()
    sqlite.close()
    const fileName = `${document.fileName}.${task.format}`
    return { kind: 'done', rows: document.rows ?? rows, bytes: sink.bytes, fileName }
  } catch (err) {
    return err instanceof HubError
      ? { kind: 'failed', problem: errorMessage(err.code, err.params, task.language) }
      : { kind: 'failed', problem: '', detail: err instanceof Error ? (err.stack ?? err.message) : String(err) }
  }
}

function documentOf(task: Task, sqlite: DatabaseSync): ReportDocument {
  const { prepared } = task
  switch (prepared.report) {
    case 'uptime':
      return uptimeReport(prepared.answer, prepared.by, task, deviceNames(sqlite))
    case 'kpis':
      return kpiReport(prepared.answer, task)
    case 'scorecards':
      return scorecardReport(prepared.answer, prepared.month, task)
    case 'adjustments':
      return adjustmentReport(prepared.answer, task)
    case 'intervals':
      return intervalReport(sqlite, prepared.question, prepared.judging, task)
    case 'progress':
      return progressReport(sqlite, prepared.question, task)
  }
}

function deviceNames(sqlite: DatabaseSync): (id: string) => string {
  const find = sqlite.prepare('SELECT name FROM registry_device WHERE id = ?')
  return (id) => (find.get(id) as { name: string } | undefined)?.name ?? ''
}

/** @returns the rows written */
async function write(
  document: ReportDocument,
  sink: Sink,
  { language, format }: Task,
  onProgress: (progress: Progress) => void,
): Promise<number> {
  let rows = 0
  let reported = performance.now()
  const tick = () => {
    rows++
    const now = performance.now()
    if (now - reported < progressEveryMs) return
    reported = now
    const share = document.share?.() ?? rows / Math.max(1, document.rows ?? 1)
    onProgress({ kind: 'progress', progress: Math.min(0.99, share), rows })
  }
  if (format === 'csv') writeCsv(document, sink, language, tick)
  else if (format === 'xlsx') writeXlsx(document, sink, language, tick)
  else if (format === 'json') writeJson(document, sink, tick)
  else {
    // Fonts and all: only for who prints.
    const { writePdf } = await import('../format/pdf/pdf.ts')
    await writePdf(document, sink, language, tick)
  }
  return rows
}
