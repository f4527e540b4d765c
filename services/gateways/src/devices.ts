/** Devices on record, as far as this room must know of them. */
import { type DeviceId, HubError, inScope, type Scope } from '@hub/contracts'
import type { GatewaysDb } from './tables.ts'

/** Ids of one statement. */
const slice = 500

export type RecordedDevice = { kind: string; district: string; gateway: string | null }

/** By id; those that are not on record are left out. */
export async function recordedDevices(db: GatewaysDb, ids: readonly DeviceId[]): Promise<Map<string, RecordedDevice>> {
  const found = new Map<string, RecordedDevice>()
  for (let i = 0; i < ids.length; i += slice) {
    const rows = await db
      .selectFrom('registry_device')
      .leftJoin('device_binding', 'device_binding.device', 'registry_device.id')
      .select(['id', 'kind', 'district', 'gateway'])
      .where('id', 'in', ids.slice(i, i + slice))
      .execute()
    for (const { id, ...device } of rows) found.set(id, device)
  }
  return found
}

/** @throws HubError `device.unknown`, also for a device that is out of scope: the two look the same */
export async function visibleDevice(db: GatewaysDb, scope: Scope, id: DeviceId): Promise<RecordedDevice> {
  const device = (await recordedDevices(db, [id])).get(id)
  if (!device || !inScope(scope, device.district)) throw new HubError('device.unknown', { value: id })
  return device
}
