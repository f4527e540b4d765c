/** Entries are never edited once released: a change is a new entry. That gateways took their columns of `device` with them is a migration of gateways. */
import type { Migration } from '@hub/platform'
import { deviceChange } from './0001-device-change.ts'
import { maintainer } from './0002-maintainer.ts'
import { tenure } from './0003-tenure.ts'

export const registryMigrations: readonly Migration[] = [
  { name: '0001-device-change', sql: deviceChange },
  { name: '0002-maintainer', sql: maintainer },
  { name: '0003-tenure', sql: tenure },
]
