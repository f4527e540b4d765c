/** How far the registry and its adjustments have come: an answer that was made of them is right as long as this stays. */
import type { RegistryViews } from '@hub/contracts'
import { type RecordStore, tablesOf } from '@hub/platform'
import { adjustmentsVersion } from './exemptions.ts'

export function registryRevision(record: RecordStore): () => Promise<string> {
  const { db } = tablesOf<RegistryViews>(record)
  const adjustments = adjustmentsVersion(record.sqlite)
  return async () => {
    const { devices } = await db
      .selectFrom('registry_change')
      .select(({ fn }) => fn.max('revision').as('devices'))
      .executeTakeFirstOrThrow()
    return `${devices ?? 0} ${adjustments() ?? 0}`
  }
}
