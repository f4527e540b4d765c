/** What is handed to the thread that writes an export, and what the thread answers. */
import type {
  Adjustment,
  ExportRequest,
  exportQueries,
  JudgedBy,
  KpiReport,
  Scope,
  ScorecardList,
  UptimeGroup,
  UptimeReport,
} from '@hub/contracts'

export type IntervalsQuestion = Omit<ReturnType<(typeof exportQueries)['intervals']['parse']>, 'by'>
export type ProgressQuestion = ReturnType<(typeof exportQueries)['progress']['parse']>

/** Answers that were prepared, or the question where the answer is too long to be held. */
export type Prepared =
  | { report: 'uptime'; by: readonly UptimeGroup[]; answer: UptimeReport }
  | { report: 'kpis'; answer: KpiReport }
  | { report: 'scorecards'; month: string; answer: ScorecardList }
  | { report: 'adjustments'; answer: Adjustment[] }
  | { report: 'intervals'; question: IntervalsQuestion; judging: JudgedBy[] }
  | { report: 'progress'; question: ProgressQuestion }

export type Task = {
  prepared: Prepared
  format: ExportRequest['format']
  language: ExportRequest['language']
  scope: Scope
  now: number
  /** Who asked: printed on the report. */
  requestedBy: string
  /** The Record's file. */
  record: string
  /** Where to write. */
  file: string
}

/** Once a second at most. */
export type Progress = { kind: 'progress'; progress: number; rows: number }
export type Outcome =
  | { kind: 'done'; rows: number; bytes: number; fileName: string }
  /** `problem`: in the language of the request. `detail`: for the log. */
  | { kind: 'failed'; problem: string; detail?: string }
