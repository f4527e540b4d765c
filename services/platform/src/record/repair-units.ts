/** To whom a work order can go: units by name, and who of them would see it. */
import { HubError, type RepairUnits } from '@hub/contracts'
import { type Kysely, sql } from 'kysely'
import { findOutageRow, within } from './outage-board.ts'
import type { RepairRules } from './repair-policy.ts'
import type { RecordTables } from './schema.ts'
import { usualUnitOf } from './work-order-issue.ts'
import { type OrderViewer, visible } from './work-orders.ts'

/**
 * Units of contractors, of the configuration, of the viewer's devices and of the orders that the viewer sees; `users` counts the
 * contractors of a unit who see a district of the viewer. @throws HubError `outage.unknown`, also out of scope
 */
export async function listRepairUnits(
  db: Kysely<RecordTables>,
  viewer: OrderViewer,
  outage: string | undefined,
  rules: RepairRules,
): Promise<RepairUnits> {
  const { scope } = viewer
  const row = outage === undefined ? undefined : await findOutageRow(db, scope, outage)
  if (outage !== undefined && !row) throw new HubError('outage.unknown', { value: outage })
  const reached =
    scope === 'city'
      ? sql`1`
      : sql`(user.districts = '"city"' OR EXISTS (SELECT 1 FROM json_each(user.districts) WHERE value IN (${sql.join([...scope])})))`
  const { rows: people } = await sql<{ name: string; users: number }>`
    SELECT unit AS name, count(*) AS users FROM user WHERE role = 'contractor' AND unit IS NOT NULL AND ${reached}
    GROUP BY unit`.execute(db)
  const { rows: others } = await sql<{ name: string }>`
    SELECT unit AS name FROM work_order WHERE ${visible(viewer)}
    UNION SELECT d.record ->> '$.maintainer' FROM device d
      WHERE d.record ->> '$.maintainer' IS NOT NULL AND ${within(scope)}`.execute(db)
  const users = new Map(people.map((unit) => [unit.name, unit.users]))
  const names = new Set([...users.keys(), ...others.map(({ name }) => name), ...Object.values(rules.carrierUnits)])
  return {
    usual: row ? await usualUnitOf(db, viewer, row.id, rules) : null,
    units: [...names].sort().map((name) => ({ name, users: users.get(name) ?? 0 })),
  }
}
