/** Gateways as viewers see them: those that serve one of their districts. */
import { type DistrictCode, type GatewayRow, inScope, type Refusal, type Scope } from '@hub/contracts'
import { isGatewayOnline } from '@hub/core'
import { listKeys } from './keys.ts'
import type { GatewaysDb } from './tables.ts'

const neverHeard = (gateway: string) => ({
  v: 1 as const,
  gateway,
  online: false,
  at: 0,
  version: '',
  assignment: 0,
  devices: 0,
  spooled: 0,
  clockOffsetMs: null,
  blind: false,
})

export async function listGateways(db: GatewaysDb, scope: Scope, now: number): Promise<GatewayRow[]> {
  const refusals = await listRefusals(db)
  const rows = await db.selectFrom('gateway').selectAll().orderBy('id').execute()
  const keys = await listKeys(db)
  return rows
    .map((row) => {
      const status: ReturnType<typeof neverHeard> = row.status === null ? neverHeard(row.id) : JSON.parse(row.status)
      const districts: DistrictCode[] = JSON.parse(row.districts)
      const online = isGatewayOnline({ status, lastSeenAt: row.last_seen_at }, now)
      const refused = refusals.get(row.id)
      return {
        ...status,
        online,
        name: row.name,
        districts,
        lastSeenAt: row.last_seen_at,
        keys: keys.get(row.id) ?? [],
        ...(refused && { refused }),
      }
    })
    .filter((gateway) => gateway.districts.some((district) => inScope(scope, district)))
}

/** By gateway, over its devices. */
async function listRefusals(db: GatewaysDb): Promise<Map<string, Refusal[]>> {
  const rows = await db
    .selectFrom('ingest_refusal')
    .select(({ fn }) => [
      'gateway',
      'reason',
      fn.sum<number>('count').as('count'),
      fn.min('first_at').as('firstAt'),
      fn.max('last_at').as('lastAt'),
    ])
    .groupBy(['gateway', 'reason'])
    .orderBy('lastAt', 'desc')
    .execute()
  const refusals = new Map<string, Refusal[]>()
  for (const { gateway, reason, ...rest } of rows) {
    const refused = refusals.get(gateway) ?? []
    refusals.set(gateway, [...refused, { ...rest, reason: reason as Refusal['reason'] }])
  }
  return refusals
}
