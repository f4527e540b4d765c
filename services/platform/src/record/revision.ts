/** How far the registry and its adjustments have come: an answer that was made of them is right as long as this stays. */
import { type Kysely, sql } from 'kysely'
import type { RecordTables } from './schema.ts'

export async function registryRevision(db: Kysely<RecordTables>): Promise<string> {
  const row = await db
    .selectNoFrom([
      sql<number | null>`(SELECT max(revision) FROM device_revision)`.as('devices'),
      sql<string | null>`(SELECT value FROM meta WHERE key = 'adjustments:version')`.as('adjustments'),
    ])
    .executeTakeFirstOrThrow()
  return `${row.devices ?? 0} ${row.adjustments ?? 0}`
}
