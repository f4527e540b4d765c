/** What people see of outages beside the board: those that last, and the trouble that one device is in. */
import { type DeviceDetail, OutageQuery, type Overview, type Scope } from '@hub/contracts'
import { inUnits, type Units } from '@hub/core'
import { listOutages, type RecordTables } from '@hub/platform'
import { type Kysely, sql } from 'kysely'

type Db = Kysely<RecordTables>

/** Read at most, to count from; shown of these. */
const counted = 500
const shown = 6

/** Outages of several devices, not expected, of which something is still down; problems first. */
export async function currentOutages(db: Db, scope: Scope, now: number): Promise<Overview['outages']> {
  if (scope !== 'city' && scope.length === 0) return { total: 0, rows: [] }
  const query = OutageQuery.parse({ lone: 'no', limit: counted })
  const { outages } = await listOutages(db, scope, query, now)
  const lasting = outages.filter(({ down, expected }) => down > 0 && !expected)
  return {
    total: lasting.length,
    rows: lasting.slice(0, shown).map(({ id, cause, from, districts, members, down, status }) => ({
      ...{ id, cause, from, districts, members, down, status },
    })),
  }
}

/** The outage that a device is down in. */
export async function outageOf(db: Db, device: string): Promise<DeviceDetail['outage']> {
  const { rows } = await sql<{ id: string; kind: string; key: string; mode: string; from: number }>`
    SELECT o.id, o.cause_kind AS kind, o.cause_key AS key, o.cause_mode AS mode, m.from_at AS "from"
    FROM outage_member m JOIN outage o ON o.id = m.outage
    WHERE m.device = ${device} AND m.to_at IS NULL AND o.merged_into IS NULL
    ORDER BY m.from_at DESC LIMIT 1`.execute(db)
  const row = rows[0]
  if (!row) return null
  const { id, from, ...cause } = row
  return { id, cause: cause as NonNullable<DeviceDetail['outage']>['cause'], from }
}

/** The work order about a device that is not closed, unless it is of a unit that the viewer does not see. */
export async function workOrderOf(db: Db, device: string, units: Units): Promise<DeviceDetail['workOrder']> {
  const row = await db
    .selectFrom('work_order_device')
    .innerJoin('work_order', 'work_order.id', 'work_order_device.work_order')
    .select(['work_order.id', 'number', 'status', 'unit'])
    .where('work_order_device.device', '=', device)
    .where('status', 'not in', ['closed', 'cancelled'])
    .orderBy('issued_at', 'desc')
    .executeTakeFirst()
  if (!row || !inUnits(units, row.unit)) return null
  const { unit: _, ...shown } = row
  return shown as NonNullable<DeviceDetail['workOrder']>
}

/** Whose a work order is: nobody else hears that it changed. */
export type OrderAudience = { id: string; unit: string; districts: readonly string[] }

export async function orderAudiences(db: Db, ids: readonly string[]): Promise<OrderAudience[]> {
  const { rows } = await sql<{ id: string; unit: string; districts: string }>`
    SELECT id, unit, districts FROM work_order WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, districts: JSON.parse(row.districts) as string[] }))
}

/** Where an outage is: nobody else hears that it changed. One that is in another now is still where it was. */
export type OutageAudience = { id: string; districts: readonly string[] }

export async function outageAudiences(db: Db, ids: readonly string[]): Promise<OutageAudience[]> {
  const { rows } = await sql<{ id: string; districts: string }>`
    SELECT id, districts FROM outage WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`.execute(db)
  return rows.map((row) => ({ ...row, districts: JSON.parse(row.districts) as string[] }))
}
