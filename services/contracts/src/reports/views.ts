/** What other rooms may read of reports. Each is a view over one table of its owner, the room reports; nobody else names that table. */

export interface ReportsViews {
  /** A version of a card. */
  reports_scorecard: ReportsScorecard
  /** The seal of a locked card. */
  reports_seal: ReportsSeal
  /** A figure that was stated from outside. */
  reports_statement: ReportsStatement
}

interface ReportsScorecard {
  id: string
  /** `YYYY-MM` */
  month: string
  subject_kind: string
  subject: string
  version: number
  status: string
}

interface ReportsSeal {
  /** From 1 on, without a gap. */
  seq: number
  /** `reports_scorecard.id` */
  card: string
  fingerprint: string
  sealed_at: number
}

interface ReportsStatement {
  what: string
  /** `YYYY-MM` */
  month: string
  subject_kind: string
  subject: string
  value: number
  source: string
  entered_by: string
  entered_at: number
}
