/** Where a new incident is: what was said first, then the device's place, then the map. */
import { type DistrictCode, HubError, limitText, type NewIncident, type Scope } from '@hub/contracts'
import { beyondCityKm, districtAt } from '@hub/core'
import type { Db } from '../tables.ts'

export type Place = {
  district: DistrictCode
  address: string
  point: { longitude: number; latitude: number } | null
}

/**
 * @throws HubError `device.unknown`, also for one beyond the scope; `request.invalid` for a point that is not of the city, and for a
 * district beyond the scope
 */
export async function placeOf(
  db: Db,
  scope: Scope,
  { district, address, point, device }: Pick<NewIncident, 'district' | 'address' | 'point' | 'device'>,
): Promise<Place> {
  const on = device === undefined ? undefined : await deviceAt(db, scope, device)
  const at = point ?? on?.point ?? null
  const found = district ?? on?.district ?? (at === null ? undefined : districtAt(at))
  const beyond = (field: string, value: unknown, limit: string) =>
    new HubError('request.invalid', { field, value, limit })
  if (at !== null && districtAt(at) === undefined)
    throw beyond('point', `${at.longitude}, ${at.latitude}`, limitText('outside-city', { km: beyondCityKm }))
  // The schema asks for one of the three; a device without a place has at least its district.
  if (found === undefined) throw beyond('district', undefined, limitText('needed-place'))
  if (scope !== 'city' && !scope.includes(found)) throw beyond('district', found, limitText('not-in-districts'))
  return { district: found, address: address ?? on?.address ?? '', point: at }
}

async function deviceAt(db: Db, scope: Scope, id: string): Promise<Place> {
  let devices = db
    .selectFrom('registry_device')
    .select(['district', 'address', 'longitude', 'latitude'])
    .where('id', '=', id)
  if (scope !== 'city') devices = devices.where('district', 'in', [...scope])
  const device = await devices.executeTakeFirst()
  if (!device) throw new HubError('device.unknown', { value: id })
  const { district, address, longitude, latitude } = device
  const point = longitude === null || latitude === null ? null : { longitude, latitude }
  return { district: district as DistrictCode, address, point }
}
