/** The figures that the city reports. */

import type { KpiReport } from '@hub/contracts'
import type { Deps, Handlers } from '@hub/platform'
import { createCache } from '@hub/platform'
import type { UptimeConfig } from '../config.ts'
import { addStated, computeKpis } from '../kpi-figures.ts'
import { registryRevision } from '../registry-revision.ts'
import { requireKnown } from './uptime.ts'

/** States change all the time: askers within this time share one answer, as long as registry and adjustments stay as they are. */
const keptMs = 15_000

export function kpiHandlers(context: Deps<UptimeConfig>): Pick<Handlers, 'kpis'> {
  const { clock, record } = context
  const revisionNow = registryRevision(record)
  const cache = createCache<KpiReport>(clock, keptMs)
  return {
    async kpis({ viewer, query }) {
      requireKnown(query.asOf, clock.now())
      const revision = await revisionNow()
      const key = JSON.stringify([
        viewer.scope,
        query.from,
        query.to,
        query.district,
        query.carrier,
        query.asOf,
        revision,
      ])
      const report = await cache.get(key, () => computeKpis(context, query, viewer.scope))
      return addStated(record, report, query, viewer.scope)
    },
  }
}
