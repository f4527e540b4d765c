/** Whether a device is there, and its intervals. */
import { HubError, type IngestViews, type Interval, type RegistryViews, type Scope } from '@hub/contracts'
import type { Span } from '@hub/core'
import type { Kysely } from 'kysely'

/** @throws HubError `device.unknown` when there is none, or when it is out of scope: the two look the same */
export async function requireDevice(db: Kysely<RegistryViews>, scope: Scope, id: string): Promise<void> {
  let query = db.selectFrom('registry_device').select('id').where('id', '=', id)
  if (scope !== 'city') query = query.where('district', 'in', [...scope])
  if (!(await query.executeTakeFirst())) throw new HubError('device.unknown', { value: id })
}

/** The intervals that touch the period, oldest first, whole as they are recorded. */
export async function intervalsOf(db: Kysely<IngestViews>, id: string, { from, to }: Span): Promise<Interval[]> {
  const rows = await db
    .selectFrom('ingest_interval')
    .selectAll()
    .where('device', '=', id)
    .where('from_at', '<', to)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .orderBy('from_at')
    .execute()
  return rows.map((r) => ({
    from: r.from_at,
    to: r.to_at,
    state: r.state as Interval['state'],
    rule: JSON.parse(r.rule),
  }))
}
