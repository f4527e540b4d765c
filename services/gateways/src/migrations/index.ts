/** Entries are never edited once released: a change is a new entry. */
import type { Migration } from '@hub/platform'
import { deviceBinding } from './0001-device-binding.ts'
import { foundKeys } from './0002-found-keys.ts'
import { assignedDevice } from './0003-assigned-device.ts'
import { drainedAt } from './0004-drained-at.ts'
import { gatewayKey } from './0005-gateway-key.ts'
import { remarks } from './0006-remarks.ts'

export const gatewaysMigrations: readonly Migration[] = [
  { name: '0001-device-binding', sql: deviceBinding },
  { name: '0002-found-keys', sql: foundKeys },
  { name: '0003-assigned-device', sql: assignedDevice },
  { name: '0004-drained-at', sql: drainedAt },
  { name: '0005-gateway-key', sql: gatewayKey },
  { name: '0006-remarks', sql: remarks },
]
