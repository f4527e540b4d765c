/** What the progress of the rollout is made of: each device's stage and its dates, read out of the record by the database. */
import type { ProgressDevice } from '@hub/core'
import { yieldToEventLoop } from '@hub/platform'
import { sql } from 'kysely'
import type { RegistryDb } from './tables.ts'

/** Devices of one page: between two pages the event loop goes on. */
const page = 200

const date = (field: 'plannedAt' | 'installTime' | 'acceptedAt' | 'inServiceAt' | 'retiredAt') =>
  sql<string | null>`json_extract(record, ${sql.lit(`$.${field}`)})`.as(field)

export async function readProgress(db: RegistryDb): Promise<ProgressDevice[]> {
  const devices: ProgressDevice[] = []
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('device')
      .select(['id', 'district', 'carrier', 'project', 'stage'])
      .select([date('plannedAt'), date('installTime'), date('acceptedAt'), date('inServiceAt'), date('retiredAt')])
      .where('id', '>', after)
      .orderBy('id')
      .limit(page)
      .execute()
    for (const { id: _, ...row } of rows) devices.push(row as ProgressDevice)
    if (rows.length < page) return devices
    after = rows.at(-1)!.id
    await yieldToEventLoop()
  }
}
