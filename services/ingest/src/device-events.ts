/** What happened to devices beside their states: what cameras noticed, which is of this room, and changes of identity, which are of gateways. */
import type { DeviceEvent, DeviceId, GatewaysViews } from '@hub/contracts'
import type { Kysely } from 'kysely'
import type { IngestTables } from './tables.ts'

const columns = ['device', 'at', 'kind', 'source', 'from_value', 'to_value'] as const

/** Newest first; those before an instant when one is given. */
export async function listDeviceEvents(
  db: Kysely<Pick<IngestTables, 'device_event'> & GatewaysViews>,
  { id, district }: { id: DeviceId; district: string },
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): Promise<DeviceEvent[]> {
  const identities = db
    .selectFrom('gateways_identity_event')
    .select(columns)
    .where('device', '=', id)
    .where('at', '<', before)
  const rows = await db
    .selectFrom('device_event')
    .select(columns)
    .where('device', '=', id)
    .where('at', '<', before)
    .unionAll(identities)
    .orderBy('at', 'desc')
    .orderBy('kind')
    .orderBy('source')
    .limit(limit)
    .execute()
  return rows.map(({ device, at, kind, source, from_value, to_value }) => ({
    v: 1,
    device,
    district,
    at,
    kind,
    from: from_value,
    to: to_value,
    ...(source !== '' && { source }),
  })) as DeviceEvent[]
}
