/** Migrations of access: in the order of their numbers, never edited once released. */
import type { Migration } from '@hub/platform'
import { accounts } from './0001-accounts.ts'

export const accessMigrations: readonly Migration[] = [{ name: '0001-accounts', sql: accounts }]
