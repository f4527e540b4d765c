/** Migrations of monitored: in the order of their numbers, never edited once released. */
import type { Migration } from '@hub/platform'

export const monitoredMigrations: readonly Migration[] = [
  {
    name: '0001-systems',
    sql: 'ALTER TABLE platform_state RENAME TO monitored_system; ALTER TABLE platform_hour RENAME TO monitored_hour;',
  },
]
