/** What other rooms may read of emergency. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const emergencyViews: readonly View[] = [
  {
    name: 'emergency_incident',
    sql: `SELECT id, number, drill, title, level, status, district, longitude, latitude, accepted_at, ended_at FROM incident`,
  },
]
