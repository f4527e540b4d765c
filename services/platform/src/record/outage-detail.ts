/** One outage with its members, its history, and what like it there was before. */
import { type CauseKind, HubError, type OutageDetail, type OutageRow, type Scope } from '@hub/contracts'
import { defaultLifePolicy, type LifePolicy, reopenUntil, type Units } from '@hub/core'
import { type Kysely, sql } from 'kysely'
import { findOutageRow, seen, within } from './outage-board.ts'
import type { RecordTables } from './schema.ts'

type Db = Kysely<RecordTables>

/** Past outages shown; and members up to which those of other causes are searched for the same devices. */
const similarMost = 5
const comparedMost = 200
/** Mostly the same devices: the Jaccard index of the two sets. */
const sameShare = 0.5

/** @throws HubError `outage.unknown`, also for one that the viewer may not see. */
export async function findOutage(
  db: Db,
  scope: Scope,
  asked: string,
  asOf: number,
  life: Pick<LifePolicy, 'reopenWithinMs'> = defaultLifePolicy,
  units: Units = 'all',
): Promise<OutageDetail> {
  const outage = await findOutageRow(db, scope, asked, units)
  if (!outage) throw new HubError('outage.unknown', { value: asked })
  const { id } = outage
  const { rows: members } = await sql<OutageDetail['members'][number]>`
    SELECT m.device, m.from_at AS "from", m.to_at AS "to", d.name, d.district, d.longitude, d.latitude
    FROM outage_member m JOIN device d ON d.id = m.device WHERE m.outage = ${id} AND ${within(scope)}
    ORDER BY m.from_at, m.device`.execute(db)
  const { devices } = await db
    .selectFrom('outage_member')
    .select((e) => e.fn.count<number>('device').distinct().as('devices'))
    .where('outage', '=', id)
    .executeTakeFirstOrThrow()
  const closed = await db.selectFrom('outage').select('closed_at').where('id', '=', id).executeTakeFirstOrThrow()
  const changes = await db.selectFrom('outage_change').select('change').where('outage', '=', id).orderBy('id').execute()
  const steps = await db
    .selectFrom('outage_step')
    .select(['at', 'actor', 'step', 'note'])
    .where('outage', '=', id)
    .orderBy('id')
    .execute()
  return {
    ...{ asOf, outage, members, hidden: devices - new Set(members.map(({ device }) => device)).size },
    changes: changes.map(({ change }) => JSON.parse(change)),
    steps: steps as OutageDetail['steps'],
    reopenUntil: reopenUntil({ status: outage.status, closedAt: closed.closed_at }, life),
    similar: await similarTo(db, scope, outage, devices),
  }
}

type Past = {
  id: string
  cause_kind: CauseKind
  cause_key: string
  cause_mode: OutageRow['cause']['mode']
  from_at: number
  to_at: number | null
  members: number
  shared: number
}

async function similarTo(db: Db, scope: Scope, o: OutageRow, members: number): Promise<OutageDetail['similar']> {
  const shared = sql<number>`(SELECT count(DISTINCT p.device) FROM outage_member p WHERE p.outage = outage.id
    AND p.device IN (SELECT device FROM outage_member WHERE outage = ${o.id}))`
  const columns = sql`id, cause_kind, cause_key, cause_mode, from_at, to_at, members`
  const past = sql`id <> ${o.id} AND merged_into IS NULL AND from_at <= ${o.from} AND ${seen(scope)}`
  const same = await sql<Past>`SELECT *, ${shared} AS shared FROM (SELECT ${columns} FROM outage
    WHERE cause_kind = ${o.cause.kind} AND cause_key = ${o.cause.key} AND ${past}
    ORDER BY from_at DESC LIMIT ${similarMost}) AS outage`.execute(db)
  const others = members > comparedMost ? [] : (await sharing(db, o, columns, past, members)).rows
  const found = new Map([...same.rows, ...others].map((row) => [row.id, row]))
  return [...found.values()]
    .sort((a, b) => b.from_at - a.from_at)
    .slice(0, similarMost)
    .map((p) => ({
      ...{
        id: p.id,
        cause: { kind: p.cause_kind, key: p.cause_key, mode: p.cause_mode },
        from: p.from_at,
        to: p.to_at,
      },
      ...{ members: p.members, shared: p.shared },
    }))
}

const sharing = (
  db: Db,
  { id }: OutageRow,
  columns: ReturnType<typeof sql>,
  past: ReturnType<typeof sql>,
  members: number,
) =>
  sql<Past>`
  SELECT ${columns}, shared FROM outage JOIN (
    SELECT p.outage AS other, count(DISTINCT p.device) AS shared
    FROM outage_member m JOIN outage_member p ON p.device = m.device WHERE m.outage = ${id} GROUP BY p.outage
  ) ON other = id
  WHERE shared >= ${sameShare} * (members + ${members} - shared) AND ${past}
  ORDER BY from_at DESC LIMIT ${similarMost}`.execute(db)
