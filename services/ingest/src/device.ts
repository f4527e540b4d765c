/** A device as the routes of this room need it: that the viewer may see it, its district, and its gateway. */
import { type GatewaysViews, HubError, type RegistryViews, type Scope } from '@hub/contracts'
import type { Kysely } from 'kysely'

/** @throws HubError `device.unknown` when there is none, or when it is out of scope: the two observation the same */
export async function findDevice(
  db: Kysely<RegistryViews & GatewaysViews>,
  scope: Scope,
  id: string,
): Promise<{ district: string; gateway: string | null }> {
  let query = db
    .selectFrom('registry_device')
    .leftJoin('gateways_binding', 'gateways_binding.device', 'registry_device.id')
    .select(['district', 'gateway'])
    .where('registry_device.id', '=', id)
  if (scope !== 'city') query = query.where('district', 'in', [...scope])
  const found = await query.executeTakeFirst()
  if (!found) throw new HubError('device.unknown', { value: id })
  return found
}
