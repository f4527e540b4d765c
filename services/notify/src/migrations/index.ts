/** Migrations of notify: in the order of their numbers, never edited once released. */
import type { Migration } from '@hub/platform'
import { notifications } from './0001-notifications.ts'
import { part } from './0002-part.ts'

export const notifyMigrations: readonly Migration[] = [
  { name: '0001-notifications', sql: notifications },
  { name: '0002-part', sql: part },
]
