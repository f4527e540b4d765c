/** Where outages are: nobody else hears that they changed. One that is part of another now is still where it was. */
import type { Changed, DistrictCode } from '@hub/contracts'
import { namedMost, unionOf } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { OutagesDb } from './tables.ts'

/** Ids of one statement. */
const slice = 500

/** One change for each outage; for more than are worth naming one for all. */
export async function changesOf(db: Kysely<OutagesDb>, ids: readonly string[]): Promise<Omit<Changed, 'v' | 'at'>[]> {
  const rows: { id: string; districts: string }[] = []
  for (let i = 0; i < ids.length; i += slice)
    rows.push(
      ...(await db
        .selectFrom('outage')
        .select(['id', 'districts'])
        .where('id', 'in', ids.slice(i, i + slice))
        .execute()),
    )
  const changes = rows.map(({ id, districts }) => ({
    what: 'outages' as const,
    id,
    districts: JSON.parse(districts) as DistrictCode[],
  }))
  if (changes.length <= namedMost) return changes
  return [{ what: 'outages', id: null, districts: unionOf(changes) }]
}
