/** Migrations of outages: in the order of their numbers, never edited once released. */
import type { Migration } from '@hub/platform'
import { notified } from './0001-notified.ts'
import { resolved } from './0002-resolved.ts'
import { countsFrom } from './0003-counts-from.ts'
import { orders } from './0004-orders.ts'
import { judgements } from './0005-judgements.ts'

export const outagesMigrations: readonly Migration[] = [
  { name: '0001-notified', sql: notified },
  { name: '0002-resolved', sql: resolved },
  { name: '0003-counts-from', sql: countsFrom },
  { name: '0004-orders', sql: orders },
  { name: '0005-judgements', sql: judgements },
]
