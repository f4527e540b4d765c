/** The outage board: what a viewer may see, problems first. */
import type { CauseKind, OutageBoard, OutageQuery, OutageRow, Scope } from '@hub/contracts'
import type { Devices, Units } from '@hub/core'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { OutagesDb } from './tables.ts'

type Db = Kysely<OutagesDb>

/** What a viewer sees within the districts. */
export type Own = { units: Units; devices: Devices }
/** Operations, and the hub itself. */
const everything: Own = { units: 'all', devices: 'all' }

const lone: readonly CauseKind[] = ['device', 'flapping']

/** `total` and `down` are those of the whole answer, `outages` its first `limit`. Counts are of devices, and work orders, that the viewer may see. */
export async function listOutages(
  db: Db,
  scope: Scope,
  query: OutageQuery,
  asOf: number,
  own: Own = everything,
): Promise<OutageBoard> {
  const condition = conditionOf(scope, query, own)
  // Current ones by what is to be done; the past by time.
  const order =
    query.view === 'current'
      ? sql`CASE WHEN status = 'resolved' THEN 4 WHEN expected = 1 THEN 3 WHEN status = 'open' THEN 0
            WHEN status = 'acknowledged' THEN 1 ELSE 2 END, down DESC, from_at, id`
      : sql`from_at DESC, id`
  const { rows } = await sql<Stored>`
    SELECT ${columns(scope, own.units)} FROM outage WHERE ${condition} ORDER BY ${order} LIMIT ${query.limit}`.execute(
    db,
  )
  const sums = await sql<{ total: number; down: number }>`
    SELECT count(*) AS total, coalesce(sum(down), 0) AS down FROM outage WHERE ${condition}`.execute(db)
  const { total, down } = sums.rows[0]!
  return {
    asOf,
    total,
    down: isWhole(scope, own) ? down : await downWithin(db, scope, own, condition),
    outages: await rowsOf(db, scope, own, rows),
  }
}

/** One row as the viewer may see it. Undefined when he may not; one that was merged is answered by what it went into. */
export async function findOutageRow(
  db: Db,
  scope: Scope,
  id: string,
  own: Own = everything,
): Promise<OutageRow | undefined> {
  const { rows } = await sql<Stored>`
    WITH RECURSIVE went(id, into_id, step) AS (
      SELECT id, merged_into, 0 FROM outage WHERE id = ${id}
      UNION ALL SELECT o.id, o.merged_into, step + 1 FROM went JOIN outage o ON o.id = went.into_id WHERE step < 16)
    SELECT ${columns(scope, own.units)} FROM outage WHERE id = (SELECT id FROM went WHERE into_id IS NULL)
      AND ${seen(scope, own)}`.execute(db)
  return (await rowsOf(db, scope, own, rows))[0]
}

export const isWhole = (scope: Scope, { devices }: Pick<Own, 'devices'>): boolean =>
  scope === 'city' && devices === 'all'

/** Devices by a list that is one parameter, however long it is. */
const among = (column: RawBuilder<unknown>, devices: ReadonlySet<string>): RawBuilder<boolean> =>
  sql`${column} IN (SELECT value FROM json_each(${JSON.stringify([...devices])}))`

/** Outages that touch a district of the viewer, and a device that he sees. */
export function seen(scope: Scope, { devices }: Pick<Own, 'devices'> = everything): RawBuilder<boolean> {
  const touches =
    scope === 'city'
      ? sql<boolean>`1`
      : sql<boolean>`EXISTS (SELECT 1 FROM json_each(outage.districts) WHERE value IN (${sql.join([...scope])}))`
  if (devices === 'all') return touches
  return sql`${touches} AND outage.id IN (SELECT m.outage FROM outage_member m JOIN registry_device d ON d.id = m.device
    WHERE ${within(scope, { devices })})`
}

function conditionOf(scope: Scope, q: OutageQuery, own: Own): RawBuilder<boolean> {
  const all: RawBuilder<boolean>[] = [sql`merged_into IS NULL`, seen(scope, own)]
  if (q.view === 'current') all.push(sql`status IN ('open', 'acknowledged', 'in-progress', 'resolved')`)
  if (q.view === 'closed') all.push(sql`status = 'closed'`)
  if (q.district) all.push(seen(q.district))
  if (q.kind) all.push(sql`cause_kind IN (${sql.join(q.kind)})`)
  if (q.assignee !== undefined) all.push(sql`coalesce(assignee, '') = ${q.assignee}`)
  if (q.device)
    all.push(sql`id IN (SELECT m.outage FROM outage_member m JOIN registry_device d ON d.id = m.device
      WHERE m.device = ${q.device} AND ${within(scope, own)})`)
  if (q.lone === 'no') all.push(sql`members > 1 AND cause_kind NOT IN (${sql.join([...lone])})`)
  if (q.before !== undefined) all.push(sql`from_at < ${q.before}`)
  return sql.join(all, sql` AND `)
}

/** For a query over `registry_device d`. */
export const within = (scope: Scope, { devices }: Pick<Own, 'devices'> = everything): RawBuilder<boolean> => {
  const there = scope === 'city' ? sql<boolean>`1` : sql<boolean>`d.district IN (${sql.join([...scope])})`
  return devices === 'all' ? there : sql`${there} AND ${among(sql`d.id`, devices)}`
}

async function downWithin(db: Db, scope: Scope, own: Own, condition: RawBuilder<boolean>): Promise<number> {
  const { rows } = await sql<{ down: number }>`
    SELECT count(DISTINCT m.device) AS down FROM outage JOIN outage_member m ON m.outage = outage.id
    JOIN registry_device d ON d.id = m.device WHERE m.to_at IS NULL AND outage.down > 0 AND ${within(scope, own)}
      AND outage.id IN (SELECT id FROM outage WHERE ${condition})`.execute(db)
  return rows[0]!.down
}

/** Those that reach beyond what the viewer sees are counted again, within it: whatever counts the others is no answer to him. */
async function rowsOf(db: Db, scope: Scope, own: Own, stored: readonly Stored[]): Promise<OutageRow[]> {
  const rows = stored.map(rowOf)
  if (isWhole(scope, own)) return rows
  for (const row of rows) {
    const outside = (district: string) => scope !== 'city' && !(scope as readonly string[]).includes(district)
    if (own.devices === 'all' && !row.districts.some(outside)) continue
    const { rows: counts } = await sql<{ members: number; down: number; districts: string; name: string | null }>`
      SELECT count(DISTINCT m.device) AS members, count(DISTINCT CASE WHEN m.to_at IS NULL THEN m.device END) AS down,
        json_group_array(DISTINCT d.district) AS districts, max(d.name) AS name
      FROM outage_member m JOIN registry_device d ON d.id = m.device
      WHERE m.outage = ${row.id} AND ${within(scope, own)}`.execute(db)
    const { members, down, districts, name } = counts[0]!
    const codes = new Set<string>(JSON.parse(districts))
    row.districts = row.districts.filter((code) => codes.has(code))
    Object.assign(row, { members, down, name: members === 1 ? name : null })
    const { withinMs } = row.evidence
    row.evidence = { down: members, of: members, withinMs, rejected: [] }
  }
  return rows
}

/** Work orders that touch a district of the viewer and are of his units; for a query over `work_orders_order w`. */
function orderSeen(scope: Scope, units: Units): RawBuilder<boolean> {
  const touches =
    scope === 'city'
      ? sql<boolean>`1`
      : sql<boolean>`EXISTS (SELECT 1 FROM json_each(w.districts) WHERE value IN (${sql.join([...scope])}))`
  if (units === 'all') return touches
  return units.length === 0 ? sql`0` : sql`${touches} AND w.unit IN (${sql.join([...units])})`
}

const columns = (
  scope: Scope,
  units: Units,
) => sql`id, cause_kind, cause_key, cause_mode, evidence, from_at, to_at, districts, expected, counts_from, members, down,
  importance, status, assignee, acknowledged_at, silenced_until, escalation, reopened, updated_at, held,
  (SELECT count(*) FROM work_orders_order w WHERE w.outage = outage.id AND w.status NOT IN ('closed', 'cancelled')
    AND ${orderSeen(scope, units)}) AS work_orders,
  CASE WHEN members = 1 THEN (SELECT d.name FROM outage_member m JOIN registry_device d ON d.id = m.device
    WHERE m.outage = outage.id LIMIT 1) END AS name`

type Stored = {
  id: string
  cause_kind: CauseKind
  cause_key: string
  cause_mode: OutageRow['cause']['mode']
  evidence: string
  from_at: number
  to_at: number | null
  districts: string
  expected: number
  counts_from: number | null
  members: number
  down: number
  importance: OutageRow['importance']
  status: OutageRow['status']
  assignee: string | null
  acknowledged_at: number | null
  silenced_until: number | null
  escalation: number
  reopened: number
  updated_at: number
  held: number
  work_orders: number
  name: string | null
}

const rowOf = (r: Stored): OutageRow => ({
  id: r.id,
  cause: { kind: r.cause_kind, key: r.cause_key, mode: r.cause_mode },
  evidence: JSON.parse(r.evidence),
  from: r.from_at,
  to: r.to_at,
  districts: JSON.parse(r.districts),
  expected: r.expected === 1,
  countsFrom: r.counts_from,
  status: r.status,
  members: r.members,
  down: r.down,
  importance: r.importance,
  assignee: r.assignee,
  acknowledgedAt: r.acknowledged_at,
  silencedUntil: r.silenced_until,
  escalation: r.escalation,
  reopened: r.reopened,
  held: r.held === 1,
  workOrders: r.work_orders,
  name: r.name,
  updatedAt: r.updated_at,
})
