/** What the rollout is made of: cameras on record that are not retired, and everything that was found. */
import type { DistrictCode } from '@hub/contracts'
import { listDiscovered, type RecordTables } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { PlannedCamera, RolloutSource } from '../rollout.ts'
import { turn } from '../turn.ts'

export async function readRollout(db: Kysely<RecordTables>, asOf: number): Promise<RolloutSource> {
  const cameras = await readCameras(db)
  const gateways = await db.selectFrom('gateway').select(['id', 'districts']).execute()
  return {
    asOf,
    cameras,
    discovered: await listDiscovered(db, 'city'),
    gateways: new Map(gateways.map(({ id, districts }) => [id, JSON.parse(districts) as DistrictCode[]])),
  }
}

/** Devices of one page: between two pages ingest has its turn. */
const page = 1_000

async function readCameras(db: Kysely<RecordTables>): Promise<PlannedCamera[]> {
  const cameras: PlannedCamera[] = []
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('device')
      .select(['id', 'name', 'district', 'carrier', 'stage', 'ip_address', 'xaddr'])
      .where('kind', '=', 'camera')
      .where('stage', '!=', 'retired')
      .where('id', '>', after)
      .orderBy('id')
      .limit(page)
      .execute()
    for (const { ip_address: ipAddress, xaddr, ...camera } of rows)
      cameras.push({ ...camera, ipAddress, bound: xaddr !== null } as PlannedCamera)
    await turn()
    if (rows.length < page) return cameras
    after = rows.at(-1)!.id
  }
}
