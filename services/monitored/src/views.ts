/** What other rooms may read of the systems that are watched. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const monitoredViews: readonly View[] = [
  {
    name: 'monitored_status',
    sql: `SELECT platform, name, kind, url, normal, checked_at, ms, problem FROM monitored_system`,
  },
  {
    name: 'monitored_checks',
    sql: `SELECT platform, at, passed, due FROM monitored_hour`,
  },
]
