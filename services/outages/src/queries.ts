/** What is learned of the past, on the Record's read thread. */
import { learnCohorts } from '@hub/core'
import type { ReadSource } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { OutagesDb } from './tables.ts'

/** Which devices have failed together since then. @param question `spanMs`: failures of one moment are seen within it */
export async function cohorts(
  { db }: ReadSource,
  { since, spanMs }: { since: number; spanMs: number },
): Promise<Map<string, string[]>> {
  const failures = await (db as unknown as Kysely<OutagesDb>)
    .selectFrom('outage as o')
    .innerJoin('outage_member as m', 'm.outage', 'o.id')
    .select(['m.device', 'm.from_at as from'])
    .where('o.cause_kind', 'in', ['device', 'cohort'])
    .where('o.from_at', '>=', since)
    .where('m.sign', '=', 'path')
    .where('m.expected', '=', 0)
    .execute()
  return learnCohorts(failures, spanMs)
}
