/** The log of an incident: what was done, by whom, when. It only grows. */
import type { IncidentEntry } from '@hub/contracts'
import { sql } from 'kysely'
import type { Db } from '../tables.ts'

/** The hub's own name in logs and in the audit. */
export const hub = 'hub'

export type NewEntry = Pick<IncidentEntry, 'at' | 'actor' | 'kind'> &
  Partial<Pick<IncidentEntry, 'step' | 'note' | 'detail'>>

/** Run it in a transaction. The incident counts one change more. */
export async function appendEntry(
  trx: Db,
  incident: string,
  { at, actor, kind, step = null, note = null, detail = {} }: NewEntry,
): Promise<void> {
  const { last } = await trx
    .selectFrom('incident_entry')
    .select((of) => of.fn.coalesce(of.fn.max('seq'), sql<number>`0`).as('last'))
    .where('incident', '=', incident)
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('incident_entry')
    .values({ incident, seq: Number(last) + 1, at, actor, kind, step, note, detail: JSON.stringify(detail) })
    .execute()
  await trx
    .updateTable('incident')
    .set((of) => ({ revision: of('revision', '+', 1), updated_at: at }))
    .where('id', '=', incident)
    .execute()
}

export async function logOf(db: Db, incident: string): Promise<IncidentEntry[]> {
  const rows = await db
    .selectFrom('incident_entry')
    .select(['seq', 'at', 'actor', 'kind', 'step', 'note', 'detail'])
    .where('incident', '=', incident)
    .orderBy('seq')
    .execute()
  return rows.map(({ kind, step, detail, ...entry }) => ({
    ...entry,
    kind: kind as IncidentEntry['kind'],
    step: step as IncidentEntry['step'],
    detail: JSON.parse(detail) as IncidentEntry['detail'],
  }))
}
