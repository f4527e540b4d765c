/** What is near a place. */
import { inScope, resourceKinds } from '@hub/contracts'
import { type Handlers, type RouteDeps, tablesOf } from '@hub/platform'
import type { EmergencyConfig } from '../config.ts'
import type { EmergencyDb } from '../tables.ts'
import { createNearby, nearestResources } from './index.ts'

/** Of each kind of resource. */
const ofEach = 3

export function nearbyHandlers(deps: RouteDeps<EmergencyConfig>): Pick<Handlers, 'nearby'> {
  const { db } = tablesOf<EmergencyDb>(deps.record)
  const nearby = createNearby(deps)
  return {
    async nearby({ viewer, query: { longitude, latitude, radius, limit, at } }) {
      const place = { longitude, latitude }
      const asked = { radius, at, inDistrict: (district: string) => inScope(viewer.scope, district) }
      return {
        asOf: at ?? deps.clock.now(),
        cameras: await nearby.at(place, { ...asked, limit }),
        counts: await nearby.counts(place, asked),
        ...(await nearestResources(db, place, { ...asked, each: ofEach, kinds: resourceKinds })),
      }
    },
  }
}
