/** The outage board: what a viewer may see, problems first. */
import type { CauseKind, OutageBoard, OutageQuery, OutageRow, Scope } from '@hub/contracts'
import type { Units } from '@hub/core'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { RecordTables } from './schema.ts'
import { visible } from './work-orders.ts'

type Db = Kysely<RecordTables>

const lone: readonly CauseKind[] = ['device', 'flapping']

/** `total` and `down` are those of the whole answer, `outages` its first `limit`. Counts are of devices, and work orders, that the viewer may see. */
export async function listOutages(
  db: Db,
  scope: Scope,
  query: OutageQuery,
  asOf: number,
  units: Units = 'all',
): Promise<OutageBoard> {
  const condition = conditionOf(scope, query)
  // Current ones by what is to be done; the past by time.
  const order =
    query.view === 'current'
      ? sql`CASE WHEN status = 'resolved' THEN 4 WHEN expected = 1 THEN 3 WHEN status = 'open' THEN 0
            WHEN status = 'acknowledged' THEN 1 ELSE 2 END, down DESC, from_at, id`
      : sql`from_at DESC, id`
  const { rows } = await sql<Stored>`
    SELECT ${columns(scope, units)} FROM outage WHERE ${condition} ORDER BY ${order} LIMIT ${query.limit}`.execute(db)
  const sums = await sql<{ total: number; down: number }>`
    SELECT count(*) AS total, coalesce(sum(down), 0) AS down FROM outage WHERE ${condition}`.execute(db)
  const { total, down } = sums.rows[0]!
  return {
    ...{ asOf, total, down: scope === 'city' ? down : await downWithin(db, scope, condition) },
    outages: await rowsOf(db, scope, rows),
  }
}

/** One row as the viewer may see it. Undefined when he may not; one that was merged is answered by what it went into. */
export async function findOutageRow(
  db: Db,
  scope: Scope,
  id: string,
  units: Units = 'all',
): Promise<OutageRow | undefined> {
  const { rows } = await sql<Stored>`
    WITH RECURSIVE went(id, into_id, step) AS (
      SELECT id, merged_into, 0 FROM outage WHERE id = ${id}
      UNION ALL SELECT o.id, o.merged_into, step + 1 FROM went JOIN outage o ON o.id = went.into_id WHERE step < 16)
    SELECT ${columns(scope, units)} FROM outage WHERE id = (SELECT id FROM went WHERE into_id IS NULL) AND ${seen(scope)}`.execute(
    db,
  )
  return (await rowsOf(db, scope, rows))[0]
}

/** Outages that touch a district of the viewer. */
export const seen = (scope: Scope): RawBuilder<boolean> =>
  scope === 'city'
    ? sql`1`
    : sql`EXISTS (SELECT 1 FROM json_each(outage.districts) WHERE value IN (${sql.join([...scope])}))`

function conditionOf(scope: Scope, q: OutageQuery): RawBuilder<boolean> {
  const all: RawBuilder<boolean>[] = [sql`merged_into IS NULL`, seen(scope)]
  if (q.view === 'current') all.push(sql`status IN ('open', 'acknowledged', 'in-progress', 'resolved')`)
  if (q.view === 'closed') all.push(sql`status = 'closed'`)
  if (q.district) all.push(seen(q.district))
  if (q.kind) all.push(sql`cause_kind IN (${sql.join(q.kind)})`)
  if (q.assignee !== undefined) all.push(sql`coalesce(assignee, '') = ${q.assignee}`)
  if (q.device)
    all.push(sql`id IN (SELECT m.outage FROM outage_member m JOIN device d ON d.id = m.device
      WHERE m.device = ${q.device} AND ${within(scope)})`)
  if (q.lone === 'no') all.push(sql`members > 1 AND cause_kind NOT IN (${sql.join([...lone])})`)
  if (q.before !== undefined) all.push(sql`from_at < ${q.before}`)
  return sql.join(all, sql` AND `)
}

/** For a query over `device d`. */
export const within = (scope: Scope): RawBuilder<boolean> =>
  scope === 'city' ? sql`1` : sql`d.district IN (${sql.join([...scope])})`

async function downWithin(db: Db, scope: Scope, condition: RawBuilder<boolean>): Promise<number> {
  const { rows } = await sql<{ down: number }>`
    SELECT count(DISTINCT m.device) AS down FROM outage JOIN outage_member m ON m.outage = outage.id
    JOIN device d ON d.id = m.device WHERE m.to_at IS NULL AND outage.down > 0 AND ${within(scope)}
      AND outage.id IN (SELECT id FROM outage WHERE ${condition})`.execute(db)
  return rows[0]!.down
}

/** Those that reach beyond the viewer's districts are counted again, within them. */
async function rowsOf(db: Db, scope: Scope, stored: readonly Stored[]): Promise<OutageRow[]> {
  const rows = stored.map(rowOf)
  if (scope === 'city') return rows
  const visible = (district: string) => (scope as readonly string[]).includes(district)
  for (const row of rows) {
    const beyond = row.districts.some((district) => !visible(district))
    row.districts = row.districts.filter(visible)
    if (!beyond) continue
    const { rows: counts } = await sql<{ members: number; down: number }>`
      SELECT count(DISTINCT m.device) AS members, count(DISTINCT CASE WHEN m.to_at IS NULL THEN m.device END) AS down
      FROM outage_member m JOIN device d ON d.id = m.device WHERE m.outage = ${row.id} AND ${within(scope)}`.execute(db)
    Object.assign(row, counts[0])
  }
  return rows
}

const columns = (
  scope: Scope,
  units: Units,
) => sql`id, cause_kind, cause_key, cause_mode, evidence, from_at, to_at, districts, expected, members, down,
  importance, status, assignee, acknowledged_at, silenced_until, escalation, reopened, updated_at,
  (SELECT count(*) FROM work_order WHERE work_order.outage = outage.id AND work_order.status NOT IN ('closed', 'cancelled')
    AND ${visible({ scope, units })}) AS work_orders,
  CASE WHEN members = 1 THEN (SELECT d.name FROM outage_member m JOIN device d ON d.id = m.device
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
  ...{ status: r.status, members: r.members, down: r.down, importance: r.importance, assignee: r.assignee },
  acknowledgedAt: r.acknowledged_at,
  silencedUntil: r.silenced_until,
  ...{ escalation: r.escalation, reopened: r.reopened, workOrders: r.work_orders, name: r.name },
  updatedAt: r.updated_at,
})
