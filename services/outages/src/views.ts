/** What other rooms may read of outages. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const outagesViews: readonly View[] = [
  {
    name: 'outages_outage',
    sql: `SELECT id, cause_kind, cause_key, cause_mode, from_at, to_at, districts, expected, members, down, importance, merged_into, status,
  resolved_at, closed_at, silenced_until, escalation, reopened, updated_at FROM outage`,
  },
  {
    name: 'outages_member',
    sql: `SELECT outage, device, from_at, to_at, sign, expected FROM outage_member`,
  },
]
