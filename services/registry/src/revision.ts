/** How far the registry has come: an answer that was made of it is right as long as this stays. */
import type { RegistryDb } from './tables.ts'

export async function registryRevision(db: RegistryDb): Promise<number> {
  const row = await db.selectFrom('device_change').select(db.fn.max('revision').as('revision')).executeTakeFirst()
  return row?.revision ?? 0
}
