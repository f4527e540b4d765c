/** One outage with its members, its history, and what like it there was before. */
import {
  type CauseKind,
  HubError,
  type OrdersAtClose,
  type OutageDetail,
  type OutageRow,
  type Scope,
} from '@hub/contracts'
import { defaultLifePolicy, type LifePolicy, reopenUntil } from '@hub/core'
import { type Kysely, sql } from 'kysely'
import { findOutageRow, isWhole, type Own, seen, within } from './board.ts'
import { judgementsOf } from './judgements.ts'
import type { OutagesDb } from './tables.ts'

type Db = Kysely<OutagesDb>

/** Past outages shown; and members up to which those of other causes are searched for the same devices. */
const similarMost = 5
const comparedMost = 200
/** Mostly the same devices: the Jaccard index of the two sets. */
const sameShare = 0.5

type Life = Pick<LifePolicy, 'reopenWithinMs' | 'closeAfterMs'>

/** @throws HubError `outage.unknown`, also for one that the viewer may not see. */
export async function findOutage(
  db: Db,
  scope: Scope,
  asked: string,
  asOf: number,
  { life, ordersAtClose }: { life: Life; ordersAtClose: OrdersAtClose } = {
    life: defaultLifePolicy,
    ordersAtClose: 'leave',
  },
  own: Own = { units: 'all', devices: 'all' },
): Promise<OutageDetail> {
  const outage = await findOutageRow(db, scope, asked, own)
  if (!outage) throw new HubError('outage.unknown', { value: asked })
  const { id } = outage
  const { rows: members } = await sql<OutageDetail['members'][number]>`
    SELECT m.device, m.from_at AS "from", m.to_at AS "to", d.name, d.district, d.longitude, d.latitude
    FROM outage_member m JOIN registry_device d ON d.id = m.device WHERE m.outage = ${id} AND ${within(scope, own)}
    ORDER BY m.from_at, m.device`.execute(db)
  const { devices } = await db
    .selectFrom('outage_member')
    .select((e) => e.fn.count<number>('device').distinct().as('devices'))
    .where('outage', '=', id)
    .executeTakeFirstOrThrow()
  const ended = await db
    .selectFrom('outage')
    .select(['resolved_at', 'closed_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const changes = await db.selectFrom('outage_change').select('change').where('outage', '=', id).orderBy('id').execute()
  const steps = await db
    .selectFrom('outage_step')
    .select(['at', 'actor', 'step', 'note', 'orders'])
    .where('outage', '=', id)
    .orderBy('id')
    .execute()
  const shown = new Set(members.map(({ device }) => device)).size
  const all = changes.map(({ change }): OutageDetail['changes'][number] => JSON.parse(change))
  const hidden = devices > shown
  return {
    asOf,
    outage,
    members,
    hidden,
    changes: hidden ? all.flatMap((change) => countedAmong(members, change)) : all,
    // What is written about it may speak of any of its devices.
    steps: own.devices === 'all' ? (steps as OutageDetail['steps']) : [],
    // How many devices there are beside those that the viewer sees is not told here either.
    judgements:
      own.devices === 'all'
        ? (await judgementsOf(db, id)).map((said) => (hidden ? { ...said, devices: 0, others: [] } : said))
        : [],
    reopenUntil: reopenUntil({ status: outage.status, closedAt: ended.closed_at }, life),
    closesAt: outage.status === 'resolved' && ended.resolved_at !== null ? ended.resolved_at + life.closeAfterMs : null,
    ordersAtClose,
    similar: await similarTo(db, scope, own, outage, shown),
  }
}

type Change = OutageDetail['changes'][number]

/** A change as it was of these members alone; none when none of them was in it yet. Another outage may be one that is not seen. */
function countedAmong(members: OutageDetail['members'], { other: _, ...change }: Change): Change[] {
  const then = members.filter(({ from }) => from <= change.at)
  const devices = (some: typeof then) => new Set(some.map(({ device }) => device)).size
  const down = then.filter(({ to }) => to === null || to > change.at)
  return then.length > 0 ? [{ ...change, members: devices(then), down: devices(down) }] : []
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

async function similarTo(
  db: Db,
  scope: Scope,
  own: Own,
  o: OutageRow,
  members: number,
): Promise<OutageDetail['similar']> {
  const devicesIn = (outage: ReturnType<typeof sql>) =>
    isWhole(scope, own)
      ? sql`SELECT p.device FROM outage_member p WHERE p.outage = ${outage}`
      : sql`SELECT p.device FROM outage_member p JOIN registry_device d ON d.id = p.device
          WHERE p.outage = ${outage} AND ${within(scope, own)}`
  const counted = sql<number>`(SELECT count(DISTINCT device) FROM (${devicesIn(sql`outage.id`)}))`
  const shared = sql<number>`(SELECT count(DISTINCT device) FROM (${devicesIn(sql`outage.id`)})
    WHERE device IN (${devicesIn(sql`${o.id}`)}))`
  const columns = sql`id, cause_kind, cause_key, cause_mode, from_at, to_at, members`
  const past = sql`id <> ${o.id} AND merged_into IS NULL AND from_at <= ${o.from} AND ${seen(scope, own)}`
  const same = await sql<Past>`SELECT *, ${shared} AS shared FROM (SELECT ${columns} FROM outage
    WHERE cause_kind = ${o.cause.kind} AND cause_key = ${o.cause.key} AND ${past}
    ORDER BY from_at DESC LIMIT ${similarMost}) AS outage`.execute(db)
  const others = members > comparedMost ? [] : (await sharing(db, devicesIn, o, columns, past, members)).rows
  const found = new Map([...same.rows, ...others].map((row) => [row.id, row]))
  const newest = [...found.values()].sort((a, b) => b.from_at - a.from_at).slice(0, similarMost)
  if (!isWhole(scope, own))
    for (const row of newest) {
      const { rows } = await sql<{
        members: number
      }>`SELECT ${counted} AS members FROM (SELECT ${row.id} AS id) AS outage`.execute(db)
      row.members = rows[0]!.members
    }
  return newest.map((p) => ({
    id: p.id,
    cause: { kind: p.cause_kind, key: p.cause_key, mode: p.cause_mode },
    from: p.from_at,
    to: p.to_at,
    members: p.members,
    shared: p.shared,
  }))
}

const sharing = (
  db: Db,
  devicesIn: (outage: ReturnType<typeof sql>) => ReturnType<typeof sql>,
  { id }: OutageRow,
  columns: ReturnType<typeof sql>,
  past: ReturnType<typeof sql>,
  members: number,
) =>
  sql<Past>`
  SELECT ${columns}, shared FROM outage JOIN (
    SELECT p.outage AS other, count(DISTINCT p.device) AS shared
    FROM outage_member p WHERE p.device IN (${devicesIn(sql`${id}`)}) GROUP BY p.outage
  ) ON other = id
  WHERE shared >= ${sameShare} * (members + ${members} - shared) AND ${past}
  ORDER BY from_at DESC LIMIT ${similarMost}`.execute(db)
