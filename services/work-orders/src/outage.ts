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
    if (row.merged_into === null)
      return row.seen
        ? {
            id: row.id,
            cause: {
              kind: row.cause_kind as Cause['kind'],
              key: row.cause_key,
              mode: row.cause_mode as Cause['mode'],
            },
          }
        : undefined
    asked = row.merged_into
  }
  return undefined
}
