/** What the rollout is made of: cameras on record that are not retired, and everything that was found. */
import type { DistrictCode } from '@hub/contracts'
import { yieldToEventLoop } from '@hub/platform'
import { listDiscovered } from './discovered.ts'
import type { PlannedCamera, RolloutSource } from './rollout.ts'
import type { GatewaysDb } from './tables.ts'

export async function readRollout(db: GatewaysDb, asOf: number): Promise<RolloutSource> {
  const cameras = await readCameras(db)
  const gateways = await db.selectFrom('gateway').select(['id', 'districts']).execute()
  return {
    asOf,
    cameras,
    discovered: await listDiscovered(db, 'city'),
    gateways: new Map(gateways.map(({ id, districts }) => [id, JSON.parse(districts) as DistrictCode[]])),
  }
}

/** Devices of one page: between two pages the event loop goes on. */
const page = 1_000

async function readCameras(db: GatewaysDb): Promise<PlannedCamera[]> {
  const cameras: PlannedCamera[] = []
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('registry_device')
      .leftJoin('device_binding', 'device_binding.device', 'registry_device.id')
      .select(['id', 'name', 'district', 'carrier', 'stage', 'ip_address', 'xaddr'])
      .where('kind', '=', 'camera')
      .where('stage', '!=', 'retired')
      .where('id', '>', after)
      .orderBy('id')
      .limit(page)
      .execute()
    for (const { ip_address: ipAddress, xaddr, ...camera } of rows)
      cameras.push({ ...camera, ipAddress, bound: xaddr !== null } as PlannedCamera)
    await yieldToEventLoop()
    if (rows.length < page) return cameras
    after = rows.at(-1)!.id
  }
}
