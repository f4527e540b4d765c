/** Checks of the monitored systems that a viewer may see: a gateway is seen by whoever sees one of its districts, the rest by everybody. */
import { type DistrictCode, type GatewaysViews, inScope, type MonitoredViews, type Scope } from '@hub/contracts'
import type { Span } from '@hub/core'
import type { Kysely } from 'kysely'
import { startOfHour } from './calendar.ts'

/** Of each system that is known. An hour counts when it begins inside the period, and so does the hour that the period begins in. */
export async function countChecks(
  db: Kysely<MonitoredViews & GatewaysViews>,
  scope: Scope,
  { from, to }: Span,
): Promise<{ passed: number; due: number }[]> {
  const systems = await db.selectFrom('monitored_status').select(['platform', 'kind']).execute()
  const checks = await db
    .selectFrom('monitored_checks')
    .select(({ fn }) => ['platform', fn.sum<number>('passed').as('passed'), fn.sum<number>('due').as('due')])
    .where('at', '>=', startOfHour(from))
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
  return systems
    .filter(({ kind, platform }) => kind !== 'gateway' || visible.has(platform))
    .map(({ platform }) => {
      const { passed = 0, due = 0 } = counted.get(platform) ?? {}
      return { passed, due }
    })
}
