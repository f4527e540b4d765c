/** What is near a place, over HTTP. */
import { type Nearby, type NearbyResource, resourceKinds } from '@hub/contracts'
import { metresBetween } from '@hub/core'
import { type Handlers, type RouteDeps, tablesOf } from '@hub/platform'
import { listResources } from '../resources/store.ts'
import type { EmergencyDb } from '../tables.ts'

export function nearbyHandlers({ clock, record }: RouteDeps): Pick<Handlers, 'nearby'> {
  const { db } = tablesOf<EmergencyDb>(record)
  return {
    async nearby({ viewer, query }): Promise<Nearby> {
      const near = (await listResources(db, viewer.scope))
        .map((resource): NearbyResource => ({ ...resource, metres: metresBetween(query, resource) }))
        .filter(({ metres }) => metres <= query.radius)
        .sort((a, b) => a.metres - b.metres)
      const resources = resourceKinds.flatMap((kind) => near.find((resource) => resource.kind === kind) ?? [])
      const without = resourceKinds.filter((kind) => !near.some((resource) => resource.kind === kind))
      return {
        asOf: clock.now(),
        cameras: [],
        counts: { up: 0, down: 0, degraded: 0, unknown: 0 } as never,
        resources,
        without,
      }
    },
  }
}
