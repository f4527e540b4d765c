/** What discovery found, until an operator approves it. */
import type { DeviceId, DiscoveredRow, FoundDevice, GatewayId, Scope } from '@hub/contracts'
import { matchPlanned, type Planned } from '@hub/core'
import { type Kysely, sql } from 'kysely'
import type { RecordTables } from './schema.ts'

type Db = Kysely<RecordTables>

/** Enters what a gateway found. What is already there keeps its status and the time it was first seen. */
export async function putFound(
  db: Db,
  gateway: GatewayId,
  found: readonly FoundDevice[],
  firstSeenAt: number,
): Promise<void> {
  if (found.length === 0) return
  const rows = found.map((device) => ({
    ...{ gateway, endpoint: device.endpoint, found: JSON.stringify(device), status: 'waiting', device: null },
    ...{ first_seen_at: firstSeenAt, seen_at: device.seenAt },
  }))
  await db
    .insertInto('discovered')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['gateway', 'endpoint'])
        .doUpdateSet((row) => ({ found: row.ref('excluded.found'), seen_at: row.ref('excluded.seen_at') })),
    )
    .execute()
}

/**
 * What a viewer may see of it, newest first. A device that has been placed is seen by its district; one that has not
 * could stand anywhere its gateway serves, so only who sees all of that sees it.
 */
export async function listDiscovered(db: Db, scope: Scope): Promise<(DiscoveredRow & { device: DeviceId | null })[]> {
  const planned = await listPlanned(db)
  const rows = await visible(db, scope)
    .selectAll('discovered')
    .orderBy('first_seen_at', 'desc')
    .orderBy('endpoint')
    .execute()
  return rows.map((row) => {
    const found = JSON.parse(row.found) as FoundDevice
    return {
      ...found,
      gateway: row.gateway,
      status: row.status as DiscoveredRow['status'],
      firstSeenAt: row.first_seen_at,
      matches: row.device ?? matchPlanned(found, planned),
      device: row.device,
    }
  })
}

function visible(db: Db, scope: Scope) {
  const query = db.selectFrom('discovered').leftJoin('device', 'device.id', 'discovered.device')
  if (scope === 'city') return query
  const within = sql.join(scope.length > 0 ? scope : [''])
  return query.where(
    sql<boolean>`CASE WHEN device.id IS NOT NULL THEN device.district IN (${within}) ELSE EXISTS (
      SELECT 1 FROM gateway WHERE gateway.id = discovered.gateway
      AND NOT EXISTS (SELECT 1 FROM json_each(gateway.districts) WHERE value NOT IN (${within}))) END`,
  )
}

/** Recorded cameras that no gateway watches yet: what a found device may turn out to be. */
export async function listPlanned(db: Db): Promise<Planned[]> {
  return db
    .selectFrom('device')
    .select(['id', 'name', 'ip_address as ipAddress'])
    .where('kind', '=', 'camera')
    .where('xaddr', 'is', null)
    .where('stage', '!=', 'retired')
    .execute()
}
