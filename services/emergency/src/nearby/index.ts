/** Cameras and what they see of a place. */
import type { DeviceState, DistrictCode, GeoPoint, NearbyCamera } from '@hub/contracts'
import { metresBetween } from '@hub/core'
import { type Deps, tablesOf } from '@hub/platform'
import type { EmergencyDb } from '../tables.ts'

export function createNearby(deps: Pick<Deps, 'record'>) {
  const { db } = tablesOf<EmergencyDb>(deps.record)
  return {
    /** Those that are on record with a place, in the order asked. */
    async of(devices: readonly string[], point: GeoPoint | null): Promise<NearbyCamera[]> {
      const rows = await db
        .selectFrom('registry_device as d')
        .leftJoin('ingest_state as s', 's.device', 'd.id')
        .select(['d.id', 'd.name', 'd.district', 'd.longitude', 'd.latitude', 's.state', 's.last_at'])
        .where('d.id', 'in', [...devices])
        .execute()
      const found = new Map(rows.map((row) => [row.id, row]))
      return devices.flatMap((device) => {
        const row = found.get(device)
        if (!row || row.longitude === null || row.latitude === null) return []
        const { name, longitude, latitude } = row
        const metres = point ? metresBetween(point, { longitude, latitude }) : 0
        return [
          {
            device,
            name,
            district: row.district as DistrictCode,
            longitude,
            latitude,
            metres,
            bearing: 0,
            view: { heading: null, field: 90, range: 100, turns: false, assumed: ['heading', 'field', 'range'] },
            sighting: 'direction-unknown',
            state: (row.state ?? 'unknown') as DeviceState,
            lastAt: row.last_at,
          } satisfies NearbyCamera,
        ]
      })
    },
  }
}
