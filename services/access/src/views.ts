/** What other rooms may read of users and of the audit. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const accessViews: readonly View[] = [
  {
    name: 'access_user',
    sql: `SELECT name, role, districts, unit FROM user WHERE disabled = 0`,
  },
  {
    name: 'access_audit',
    sql: `SELECT id, at, actor, action, subject, detail FROM audit`,
  },
]
