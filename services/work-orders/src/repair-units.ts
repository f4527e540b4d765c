/** To whom a work order can go: units by name, and who of them would see it. */
import { HubError, type RepairUnits } from '@hub/contracts'
import { sql } from 'kysely'
import { downIn, suggestedOf, usualUnit } from './candidates.ts'
import type { RepairRules } from './config.ts'
import { findOutage } from './outage.ts'
import { type OrderViewer, visible, within } from './queries.ts'
import type { Db } from './tables.ts'

/**
 * Units of contractors, of the configuration, of the viewer's devices and of the orders that the viewer sees; `users` counts the
 * contractors of a unit who see a district of the viewer. @throws HubError `outage.unknown`, also out of scope
 */
export async function listRepairUnits(
  db: Db,
  viewer: OrderViewer,
  outage: string | undefined,
  rules: RepairRules,
): Promise<RepairUnits> {
  const { scope } = viewer
  const row = outage === undefined ? undefined : await findOutage(db, scope, outage)
  if (outage !== undefined && !row) throw new HubError('outage.unknown', { value: outage })
  const reached =
    scope === 'city'
      ? sql`1`
      : sql`(u.districts = '"city"' OR EXISTS (SELECT 1 FROM json_each(u.districts) WHERE value IN (${sql.join([...scope])})))`
  const { rows: people } = await sql<{ name: string; users: number }>`
    SELECT unit AS name, count(*) AS users FROM access_user u WHERE role = 'contractor' AND unit IS NOT NULL AND ${reached}
    GROUP BY unit`.execute(db)
  const { rows: others } = await sql<{ name: string }>`
    SELECT unit AS name FROM work_order WHERE ${visible(viewer)}
    UNION SELECT d.maintainer FROM registry_device d WHERE d.maintainer IS NOT NULL AND ${within(scope)}`.execute(db)
  const users = new Map(people.map((unit) => [unit.name, unit.users]))
  const names = new Set([...users.keys(), ...others.map(({ name }) => name), ...Object.values(rules.carrierUnits)])
  // What has failed since an order was issued is in none: it is suggested anew.
  const free = row ? (await downIn(db, scope, row.id)).filter(({ ordered }) => ordered === null) : []
  return {
    usual: free.length > 0 ? usualUnit(free, rules) : null,
    suggested: suggestedOf(free, rules),
    units: [...names].sort().map((name) => ({ name, users: users.get(name) ?? 0 })),
  }
}
