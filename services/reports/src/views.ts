/** What other rooms may read of reports. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const reportsViews: readonly View[] = [
  {
    name: 'reports_scorecard',
    sql: `SELECT id, month, subject_kind, subject, version, status FROM scorecard`,
  },
  {
    name: 'reports_seal',
    sql: `SELECT seq, card, fingerprint, sealed_at FROM seal`,
  },
  {
    name: 'reports_statement',
    sql: `SELECT what, month, subject_kind, subject, value, source, entered_by, entered_at FROM statement`,
  },
]
