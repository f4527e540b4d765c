/** The outage that an order is issued for, as its view shows it. */
import type { Cause, Scope } from '@hub/contracts'
import { sql } from 'kysely'
import type { Db } from './tables.ts'

/** Outages that went one into another. */
const mostSteps = 16

/** Undefined when it touches no district of the viewer; one that was merged is answered by what it went into. */
export async function findOutage(db: Db, scope: Scope, id: string): Promise<{ id: string; cause: Cause } | undefined> {
  const seen =
    scope === 'city'
      ? sql<boolean>`1`
      : sql<boolean>`EXISTS (SELECT 1 FROM json_each(o.districts) WHERE value IN (${sql.join([...scope])}))`
  for (let [asked, step] = [id, 0]; step < mostSteps; step++) {
    const row = await db
      .selectFrom('outages_outage as o')
      .select(['id', 'merged_into', 'cause_kind', 'cause_key', 'cause_mode'])
      .select(seen.as('seen'))
      .where('id', '=', asked)
      .executeTakeFirst()
    if (!row) return undefined
    if (row.merged_into === null) return row.seen ? { id: row.id, cause: causeOf(row) } : undefined
    asked = row.merged_into
  }
  return undefined
}

/** What each outage is believed to be now: it widens as more of it goes down, by itself or by going into another. */
export async function causesOf(db: Db, outages: readonly (string | null)[]): Promise<Map<string, Cause>> {
  const ids = [...new Set(outages)].filter((id) => id !== null)
  const causes = new Map<string, Cause>()
  if (ids.length === 0) return causes
  const rows = await db
    .selectFrom('outages_outage')
    .select(['id', 'merged_into', 'cause_kind', 'cause_key', 'cause_mode'])
    .where('id', 'in', ids)
    .execute()
  for (const row of rows) {
    const cause = row.merged_into === null ? causeOf(row) : (await findOutage(db, 'city', row.id))?.cause
    if (cause) causes.set(row.id, cause)
  }
  return causes
}

const causeOf = (row: { cause_kind: string; cause_key: string; cause_mode: string }): Cause => ({
  kind: row.cause_kind as Cause['kind'],
  key: row.cause_key,
  mode: row.cause_mode as Cause['mode'],
})
