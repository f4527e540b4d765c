/** What other rooms may read of exemptions and corrections, and of the rules of judging. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const uptimeViews: readonly View[] = [
  {
    name: 'uptime_adjustment',
    sql: `SELECT id, kind, count_as, status, scope, within, from_at, to_at, recurrence, reason, decided_by, decided_at, change, evidence
  FROM adjustment`,
  },
  {
    name: 'uptime_judging',
    sql: `SELECT from_at, rules FROM judging_rules`,
  },
]
