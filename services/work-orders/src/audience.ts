/** Whose work orders are: nobody else hears that they changed. */
import type { Changed, DistrictCode } from '@hub/contracts'
import { namedMost, unionOf } from '@hub/platform'
import type { Db } from './tables.ts'

/** Ids of one statement. */
const slice = 500

/** One change for each order; for more than are worth naming one for each unit. */
export async function changesOf(db: Db, ids: readonly string[]): Promise<Omit<Changed, 'v' | 'at'>[]> {
  const rows: { id: string; unit: string; districts: string }[] = []
  for (let i = 0; i < ids.length; i += slice)
    rows.push(
      ...(await db
        .selectFrom('work_order')
        .select(['id', 'unit', 'districts'])
        .where('id', 'in', ids.slice(i, i + slice))
        .execute()),
    )
  const changes = rows.map(({ id, unit, districts }) => ({
    what: 'work-orders' as const,
    id,
    unit,
    districts: JSON.parse(districts) as DistrictCode[],
  }))
  if (changes.length <= namedMost) return changes
  return [...Map.groupBy(changes, ({ unit }) => unit)].map(([unit, own]) => ({
    what: 'work-orders',
    id: null,
    unit,
    districts: unionOf(own),
  }))
}
