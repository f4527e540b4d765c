/** Monitored systems and their checks. A gateway is seen by whoever sees one of its districts; the hub and the sites by everybody. */
import { type DistrictCode, type GatewaysViews, inScope, type PlatformReport, type Scope } from '@hub/contracts'
import { hourMs, type Span } from '@hub/core'
import type { Kysely } from 'kysely'
import type { MonitoredTables } from './tables.ts'

type System = PlatformReport['platforms'][number]

/** In the order of kind and id. An hour counts when it begins inside the period, and so does the hour that the period begins in. */
export async function listSystems(
  db: Kysely<MonitoredTables & GatewaysViews>,
  scope: Scope,
  { from, to }: Span,
): Promise<System[]> {
  const states = await db.selectFrom('monitored_system').selectAll().orderBy('kind').orderBy('platform').execute()
  const checks = await db
    .selectFrom('monitored_hour')
    .select(({ fn }) => ['platform', fn.sum<number>('passed').as('passed'), fn.sum<number>('due').as('due')])
    .where('at', '>=', Math.floor(from / hourMs) * hourMs)
    .where('at', '<', to)
    .groupBy('platform')
    .execute()
  const gateways = await db.selectFrom('gateways_gateway').select(['id', 'districts']).execute()
  const visible = new Set(
    gateways
      .filter(({ districts }) => (JSON.parse(districts) as DistrictCode[]).some((code) => inScope(scope, code)))
      .map(({ id }) => id),
  )
  const counted = new Map(checks.map((row) => [row.platform, row]))
  return states
    .filter(({ kind, platform }) => kind !== 'gateway' || visible.has(platform))
    .map((row) => {
      const { passed = 0, due = 0 } = counted.get(row.platform) ?? {}
      return {
        id: row.platform,
        name: row.name,
        kind: row.kind as System['kind'],
        url: row.url,
        normal: row.normal === null ? null : row.normal !== 0,
        checkedAt: row.checked_at,
        ms: row.ms,
        problem: row.problem,
        passed,
        due,
        rate: due > 0 ? passed / due : null,
      }
    })
}
