/** What is handed to the thread that writes: answers that were gathered for it, or the question when the answer is too long to be held. */
import type {
  Adjustment,
  ExportRequest,
  exportQueries,
  KpiReport,
  Scope,
  ScorecardList,
  UptimeGroup,
  UptimeReport,
} from '@hub/contracts'

export type IntervalsQuestion = Omit<ReturnType<(typeof exportQueries)['intervals']['parse']>, 'by'>
export type ProgressQuestion = ReturnType<(typeof exportQueries)['progress']['parse']>

export type Gathered =
  | { report: 'uptime'; by: readonly UptimeGroup[]; answer: UptimeReport }
  | { report: 'kpis'; answer: KpiReport }
  | { report: 'scorecards'; month: string; answer: ScorecardList }
  | { report: 'adjustments'; answer: Adjustment[] }
  | { report: 'intervals'; question: IntervalsQuestion }
  | { report: 'progress'; question: ProgressQuestion }

export type Task = {
  gathered: Gathered
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

/** What the thread says: progress at most once a second, then one of the other two. */
export type Told =
  | { kind: 'progress'; progress: number; rows: number }
  | { kind: 'done'; rows: number; bytes: number; fileName: string }
  | { kind: 'failed'; problem: string; detail?: string }
