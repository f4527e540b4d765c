/** The things that other rooms asked to tell of, as they are now. */
import type { NotificationKind, NotificationRequested, OutageRow, RequestOf } from '@hub/contracts'
import { isLone, type NotifiableOutage } from '@hub/core'
import type { Kysely } from 'kysely'
import type { NotifyDb, NotifyTables } from './tables.ts'

export type Db = Kysely<NotifyDb>

/** An outage as it is told of. */
export type OutageSubject = NotifiableOutage & Pick<OutageRow, 'id' | 'districts' | 'down' | 'evidence' | 'name'>

/** Parameters of one statement stay few. */
export const slice = 500

/** The columns of a request. One of no other kind than an outage may be lone, or over while it is kept. */
export const rowOf = (request: NotificationRequested): NotifyTables['notification_subject'] => ({
  kind: request.kind,
  key: request.key,
  at: request.at,
  lone: request.kind === 'outage' && isLone(request.state.cause) ? 1 : 0,
  over_at: request.kind === 'outage' ? request.state.to : null,
  ended: request.ended ? 1 : 0,
  request: JSON.stringify(request),
})

/**
 * Outages that are not closed, or whose end is still to be told to somebody; none that is expected while it lasts.
 * @param lone devices that failed by themselves too: there may be many, and they matter only to a digest
 */
export async function listOutages(db: Db, lone: boolean): Promise<OutageSubject[]> {
  const all = db.selectFrom('notification_subject').select('request').where('kind', '=', 'outage')
  const wanted = lone ? all : all.where('lone', '=', 0)
  const rows = await wanted
    .where('ended', '=', 0)
    .unionAll(
      wanted
        .where('ended', '=', 1)
        .where('key', 'in', (of) =>
          of.selectFrom('notification_log').select('key').where('kind', '=', 'outage').where('open', '=', 1),
        ),
    )
    .execute()
  return rows.map(outageOf).filter(({ expected, to }) => !expected || to !== null)
}

/** Outages that have ended since then, whoever was told of them or not. */
export async function listOver(db: Db, since: number): Promise<OutageSubject[]> {
  const rows = await db
    .selectFrom('notification_subject')
    .select('request')
    .where('kind', '=', 'outage')
    .where('over_at', '>=', since)
    .execute()
  return rows.map(outageOf).filter(({ expected }) => !expected)
}

/** Work orders that are near a limit or past it, the first limit first. */
export async function listOrders(db: Db): Promise<RequestOf<'work-order'>[]> {
  const rows = await db
    .selectFrom('notification_subject')
    .select('request')
    .where('kind', '=', 'work-order')
    .where('ended', '=', 0)
    .execute()
  return rows
    .map(({ request }) => JSON.parse(request) as RequestOf<'work-order'>)
    .sort((a, b) => a.state.repairBy - b.state.repairBy || (a.state.number < b.state.number ? -1 : 1))
}

/** Times at which the hub itself was behind, the first at the front; those that are over are kept for a while. */
export async function listHub(db: Db): Promise<RequestOf<'hub'>[]> {
  const rows = await db
    .selectFrom('notification_subject')
    .select('request')
    .where('kind', '=', 'hub')
    .orderBy('at')
    .execute()
  return rows.map(({ request }) => JSON.parse(request) as RequestOf<'hub'>)
}

/** Scorecards that were sealed lately, in the order of their numbers. */
export async function listSeals(db: Db): Promise<RequestOf<'seal'>[]> {
  const rows = await db.selectFrom('notification_subject').select('request').where('kind', '=', 'seal').execute()
  return rows.map(({ request }) => JSON.parse(request) as RequestOf<'seal'>).sort((a, b) => a.state.seq - b.state.seq)
}

/** Changes of the rules of judging that came lately, the first at the front. */
export async function listRules(db: Db): Promise<RequestOf<'rules'>[]> {
  const rows = await db.selectFrom('notification_subject').select('request').where('kind', '=', 'rules').execute()
  return rows
    .map(({ request }) => JSON.parse(request) as RequestOf<'rules'>)
    .sort((a, b) => a.state.from - b.state.from)
}

/** Incidents, the latest at the end; those that are over are kept for a while. */
export async function listIncidents(db: Db): Promise<RequestOf<'incident'>[]> {
  const rows = await db
    .selectFrom('notification_subject')
    .select('request')
    .where('kind', '=', 'incident')
    .where((of) =>
      of.or([
        of('ended', '=', 0),
        of('key', 'in', (log) =>
          log.selectFrom('notification_log').select('key').where('kind', '=', 'incident').where('open', '=', 1),
        ),
      ]),
    )
    .execute()
  return rows
    .map(({ request }) => JSON.parse(request) as RequestOf<'incident'>)
    .sort((a, b) => a.state.acceptedAt - b.state.acceptedAt || (a.key < b.key ? -1 : 1))
}

/** Until when nobody is told of these outages. */
export async function silencesOf(db: Db, outages: readonly string[]): Promise<Map<string, number | null>> {
  const silences = new Map<string, number | null>()
  for (let i = 0; i < outages.length; i += slice) {
    const rows = await db
      .selectFrom('notification_subject')
      .select('request')
      .where('kind', '=', 'outage')
      .where('key', 'in', outages.slice(i, i + slice))
      .execute()
    for (const row of rows) {
      const { id, silencedUntil } = outageOf(row)
      silences.set(id, silencedUntil)
    }
  }
  return silences
}

/** Forgets what ended before that time. */
export async function trimSubjects(db: Db, before: number): Promise<void> {
  await db.deleteFrom('notification_subject').where('ended', '=', 1).where('at', '<', before).execute()
}

export const dropSubject = async (db: Db, kind: NotificationKind, key: string): Promise<void> =>
  void (await db.deleteFrom('notification_subject').where('kind', '=', kind).where('key', '=', key).execute())

function outageOf({ request }: { request: string }): OutageSubject {
  const { key, districts, importance, state } = JSON.parse(request) as RequestOf<'outage'>
  return { ...state, id: key, districts, importance }
}
