/** What other rooms may read of gateways and of what they found. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const gatewaysViews: readonly View[] = [
  {
    name: 'gateways_gateway',
    sql: `SELECT id, name, districts, status, last_seen_at, drained_at FROM gateway`,
  },
  {
    name: 'gateways_binding',
    sql: `SELECT device, gateway, endpoint, xaddr, every_ms, identity, remarks FROM device_binding`,
  },
  {
    name: 'gateways_found',
    sql: `SELECT device, found FROM discovered WHERE device IS NOT NULL`,
  },
  {
    name: 'gateways_key',
    sql: `SELECT gateway, key, state, told_at, pinned_at, retired_at, decided_by FROM gateway_key`,
  },
  {
    name: 'gateways_identity_event',
    sql: `SELECT device, at, kind, source, from_value, to_value FROM identity_event`,
  },
]
