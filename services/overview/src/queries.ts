/** What people ask of every device, answered on the Record's read thread. */
import {
  type Commissioning,
  type CommissioningCount,
  type DistrictCode,
  type GatewayStatus,
  inScope,
  type Scope,
} from '@hub/contracts'
import { isGatewayOnline } from '@hub/core'
import type { ReadSource } from '@hub/platform'
import { type Kysely, sql } from 'kysely'
import type { OverviewData } from './data.ts'

/** The types of the Record's tables stand in their rooms. */
const dbOf = ({ db }: ReadSource) => db as unknown as Kysely<OverviewData>

export async function commissioning(
  source: ReadSource,
  { scope, now }: { scope: Scope; now: number },
): Promise<Commissioning> {
  const db = dbOf(source)
  const counts = await countDevices(db, scope)
  return { asOf: now, ...counts, gateways: await countGateways(db, scope, now) }
}

async function countDevices(
  db: Kysely<OverviewData>,
  scope: Scope,
): Promise<Pick<Commissioning, 'cameras' | 'sensors'>> {
  let query = db
    .selectFrom('registry_device')
    .leftJoin('gateways_binding', 'gateways_binding.device', 'registry_device.id')
    .leftJoin('ingest_state', 'ingest_state.device', 'registry_device.id')
    .where('stage', '!=', 'retired')
    .groupBy('kind')
    .select((row) => [
      'kind',
      row.fn.countAll<number>().as('recorded'),
      row.fn.count<number>('gateways_binding.device').as('approved'),
      row.fn.count<number>('identity').as('identified'),
      row.fn.count<number>('last_at').as('probed'),
      sql<number>`sum(coalesce(state in ('up', 'degraded'), 0))`.as('online'),
    ])
  if (scope !== 'city') query = query.where('district', 'in', [...scope])
  const rows = await query.execute()
  const of = (wanted: string): CommissioningCount => {
    const { kind: _, ...counts } = rows.find(({ kind }) => kind === wanted) ?? { kind: wanted, ...none }
    return counts
  }
  return { cameras: of('camera'), sensors: of('sensor') }
}

const none: CommissioningCount = { recorded: 0, approved: 0, identified: 0, probed: 0, online: 0 }

async function countGateways(db: Kysely<OverviewData>, scope: Scope, now: number): Promise<Commissioning['gateways']> {
  const rows = await db.selectFrom('gateways_gateway').select(['districts', 'status', 'last_seen_at']).execute()
  const sums = { online: 0, total: 0, asked: 0, toAsk: 0, found: 0, assigned: 0, spooled: 0 }
  for (const { districts, status: text, last_seen_at: lastSeenAt } of rows) {
    if (!(JSON.parse(districts) as DistrictCode[]).some((district) => inScope(scope, district))) continue
    const status = text === null ? null : (JSON.parse(text) as GatewayStatus)
    sums.total++
    if (isGatewayOnline({ status, lastSeenAt }, now)) sums.online++
    if (status === null) continue
    sums.assigned += status.devices
    sums.spooled += status.spooled
    for (const part of ['asked', 'toAsk', 'found'] as const) sums[part] += status.discovery?.[part] ?? 0
  }
  return sums
}
