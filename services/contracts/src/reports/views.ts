/** What other rooms may read of reports. Each is a view over one table of its owner, the room reports; nobody else names that table. */

export interface ReportsViews {
  /** A figure that was stated from outside. */
  reports_statement: ReportsStatement
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
