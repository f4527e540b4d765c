/** Migrations of reports: in the order of their numbers, never edited once released. */
import type { Migration } from '@hub/platform'
import { seals } from './0001-seals.ts'

export const reportsMigrations: readonly Migration[] = [{ name: '0001-seals', sql: seals }]
