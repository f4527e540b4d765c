/** Migrations of ingest: in the order of their numbers, never edited once released. */
import type { Migration } from '@hub/platform'
import { probesApart } from './0001-probes-apart.ts'
import { packs } from './0003-packs.ts'
import { batchDigests } from './0004-batch-digests.ts'
import { refusals } from './0005-refusals.ts'
import { intervalPast } from './0006-interval-past.ts'
import { digestPacks } from './0007-digest-packs.ts'

export const ingestMigrations: readonly Migration[] = [
  { name: '0001-probes-apart', sql: probesApart },
  { name: '0002-probe-runs', sql: 'ALTER TABLE evidence RENAME TO probe_run;' },
  { name: '0003-packs', sql: packs },
  { name: '0004-batch-digests', sql: batchDigests },
  { name: '0005-refusals', sql: refusals },
  { name: '0006-interval-past', sql: intervalPast },
  { name: '0007-digest-packs', sql: digestPacks },
]
