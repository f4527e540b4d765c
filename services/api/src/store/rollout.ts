/** What the rollout is made of: cameras on record that are not retired, and everything that was found. */
import type { DistrictCode } from '@hub/contracts'
import { listDiscovered, type RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { PlannedCamera, RolloutSource } from '../rollout.ts'

export async function readRollout(db: Kysely<RecordTables>, asOf: number): Promise<RolloutSource> {
  const cameras = await db
    .selectFrom('device')
    .select(['id', 'name', 'district', 'carrier', 'stage', 'ip_address', 'xaddr'])
    .where('kind', '=', 'camera')
    .where('stage', '!=', 'retired')
    .orderBy('id')
    .execute()
  // Acknowledgements do not wait for all of it.
  await new Promise((resolve) => setImmediate(resolve))
  const gateways = await db.selectFrom('gateway').select(['id', 'districts']).execute()
  return {
    asOf,
    cameras: cameras.map(
      ({ ip_address: ipAddress, xaddr, ...camera }) =>
        ({ ...camera, ipAddress, bound: xaddr !== null }) as PlannedCamera,
    ),
    discovered: await listDiscovered(db, 'city'),
    gateways: new Map(gateways.map(({ id, districts }) => [id, JSON.parse(districts) as DistrictCode[]])),
  }
}
