/** What discovery found, as a viewer sees it, and the planned records that it may be. */
import { type DiscoveredRow, type DistrictCode, type FoundDevice, inScope, type Scope } from '@hub/contracts'
import { matchPlanned } from '@hub/core'
import type { RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'
import { seesAllOf } from './gateways.ts'

/** Cameras that have a record, no endpoint yet, and may come to one: by the gateway that would probe them. */
type Planned = { id: string; district: string; name: string; ipAddress: string | null }

export async function plannedCameras(db: Kysely<RecordTables>): Promise<Planned[]> {
  return await db
    .selectFrom('device')
    .select(['id', 'district', 'name', 'ip_address as ipAddress'])
    .where('kind', '=', 'camera')
    .where('endpoint', 'is', null)
    .where('stage', '!=', 'retired')
    .execute()
}

/**
 * A found device belongs to the district of the record that it is bound to or matches. One that matches none could be anywhere that
 * its gateway serves, so only who sees all of that sees it.
 */
export async function listDiscovered(db: Kysely<RecordTables>, scope: Scope): Promise<DiscoveredRow[]> {
  const gateways = new Map<string, DistrictCode[]>(
    (await db.selectFrom('gateway').select(['id', 'districts']).execute()).map((g) => [g.id, JSON.parse(g.districts)]),
  )
  const planned = await plannedCameras(db)
  const byAddress = Map.groupBy(planned, (p) => p.ipAddress)
  const rows = await db.selectFrom('discovered').selectAll().orderBy('gateway').orderBy('endpoint').execute()
  return rows.flatMap((row) => {
    const found: FoundDevice = JSON.parse(row.found)
    const districts = gateways.get(row.gateway) ?? []
    // Candidates by address first: the whole list is looked through only for those that no address matches.
    const candidates = (byAddress.get(found.address) ?? byAddress.get(null) ?? []).filter((p) =>
      inScope(districts, p.district),
    )
    const matches = row.device ?? matchPlanned(found, candidates)
    const visible = matches === null ? seesAllOf(scope, districts) : inScope(scope, matches.slice(0, 6))
    if (!visible) return []
    return [
      {
        ...found,
        gateway: row.gateway,
        status: row.status as DiscoveredRow['status'],
        firstSeenAt: row.first_seen_at,
        seenAt: row.seen_at,
        matches,
      },
    ]
  })
}
