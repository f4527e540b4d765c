/** Limits of incidents by the clock: when one comes near or passes, it is logged and told, once; also what passed while the hub was away. */
import type { DistrictCode } from '@hub/contracts'
import { secondMs } from '@hub/core'
import { type Deps, periodic, tablesOf } from '@hub/platform'
import { type EmergencyConfig, limitsOf } from '../config.ts'
import type { EmergencyDb } from '../tables.ts'
import { beforeChange } from './settle.ts'

const everyMs = 5 * secondMs

/** One transaction for each incident. @returns those that have changed */
export async function warnOfLimits(
  deps: Pick<Deps<EmergencyConfig>, 'audit' | 'config' | 'outbox' | 'record'>,
  now: number,
): Promise<{ id: string; district: DistrictCode }[]> {
  const record = tablesOf<EmergencyDb>(deps.record)
  const limits = limitsOf(deps.config)
  const due = await record.db
    .selectFrom('incident')
    .select('id')
    .where('colour_at', '<=', now)
    .orderBy('colour_at')
    .execute()
  const changed: { id: string; district: DistrictCode }[] = []
  for (const { id } of due)
    await record.transaction(async (trx) => {
      const row = await trx.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      if (await beforeChange(deps, trx, row, now, limits)) changed.push({ id, district: row.district as DistrictCode })
    })
  return changed
}

/** @returns the stop */
export async function startWarnings(deps: Deps<EmergencyConfig>): Promise<() => Promise<void>> {
  const { clock, log, publishChange } = deps
  const record = tablesOf<EmergencyDb>(deps.record)
  // The policy may be another than before: all that runs is looked at again.
  await record.transaction((trx) =>
    trx
      .updateTable('incident')
      .set({ colour_at: 0 })
      .where('status', 'not in', ['archived', 'dismissed', 'merged'])
      .execute(),
  )
  return periodic(clock, log, everyMs, 'limits of incidents', async () => {
    for (const { id, district } of await warnOfLimits(deps, clock.now()))
      publishChange({ what: 'incidents', id, districts: [district] })
  })
}
