/** How many gateways a viewer sees, and how many of them are online. */
import { type DistrictCode, inScope, type Overview, type Scope } from '@hub/contracts'
import { isGatewayOnline } from '@hub/core'
import type { Kysely } from 'kysely'
import type { OverviewData } from './data.ts'

export async function countGateways(
  db: Kysely<OverviewData>,
  scope: Scope,
  now: number,
): Promise<Overview['gateways']> {
  const rows = await db.selectFrom('gateways_gateway').select(['districts', 'status', 'last_seen_at']).execute()
  const visible = rows.filter(({ districts }) =>
    (JSON.parse(districts) as DistrictCode[]).some((district) => inScope(scope, district)),
  )
  const online = visible.filter(({ status, last_seen_at: lastSeenAt }) =>
    isGatewayOnline({ status: status === null ? null : JSON.parse(status), lastSeenAt }, now),
  )
  return { online: online.length, total: visible.length }
}
