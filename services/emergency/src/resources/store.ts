/** Resources in the Record. */
import type { DistrictCode, Resource, Scope } from '@hub/contracts'
import { within } from '../incidents/queries.ts'
import type { Db } from '../tables.ts'

const columns = ['id', 'kind', 'name', 'district', 'longitude', 'latitude', 'phone', 'capacity', 'note'] as const
/** Parameters of one statement stay few. */
const slice = 500

/** Of the viewer's districts, by kind and name. */
export async function listResources(db: Db, scope: Scope): Promise<Resource[]> {
  const rows = await db
    .selectFrom('resource')
    .select(columns)
    .where(within(scope))
    .orderBy('kind')
    .orderBy('name')
    .orderBy('id')
    .execute()
  return rows.map(resourceOf)
}

/** Whatever district they are of. */
export async function resourcesById(db: Db, ids: readonly string[]): Promise<Map<string, Resource>> {
  const found = new Map<string, Resource>()
  for (let i = 0; i < ids.length; i += slice) {
    const rows = await db
      .selectFrom('resource')
      .select(columns)
      .where('id', 'in', ids.slice(i, i + slice))
      .execute()
    for (const row of rows) found.set(row.id, resourceOf(row))
  }
  return found
}

const resourceOf = <R extends { kind: string; district: string }>(row: R) => ({
  ...row,
  kind: row.kind as Resource['kind'],
  district: row.district as DistrictCode,
})

export async function putResource(trx: Db, { id, ...resource }: Resource, now: number): Promise<void> {
  const values = { ...resource, updated_at: now }
  await trx
    .insertInto('resource')
    .values({ id, ...values })
    .onConflict((on) => on.column('id').doUpdateSet(values))
    .execute()
}
