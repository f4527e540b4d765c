/** Migrations of work orders: in the order of their numbers, never edited once released. */
import type { Migration } from '@hub/platform'
import { subject } from './0001-subject.ts'

export const workOrdersMigrations: readonly Migration[] = [{ name: '0001-subject', sql: subject }]
