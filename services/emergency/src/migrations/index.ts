/** Migrations of emergency, in their order. One that was released is never edited: a change is a new one. */
import type { Migration } from '@hub/platform'

export const emergencyMigrations: readonly Migration[] = []
