/** Migrations of emergency, in their order. One that was released is never edited: a change is a new one. */
import type { Migration } from '@hub/platform'
import { incidents } from './0001-incidents.ts'
import { linkage } from './0002-linkage.ts'
import { cap } from './0003-cap.ts'

export const emergencyMigrations: readonly Migration[] = [
  { name: '0001-incidents', sql: incidents },
  { name: '0002-linkage', sql: linkage },
  { name: '0003-cap', sql: cap },
]
