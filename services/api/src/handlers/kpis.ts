/** The figures that the city reports. */
import type { KpiReport } from '@hub/contracts'
import { gatherKpis } from '@hub/platform'
import type { Handlers } from '../http/call.ts'
import { createCache } from '../live/cache.ts'
import type { Context } from './context.ts'

/** All devices are read for them: askers within this time share one answer. */
const keptMs = 15_000

export function kpiHandlers(context: Context): Pick<Handlers, 'kpis'> {
  const cache = createCache<KpiReport>(context.clock, keptMs)
  return {
    kpis({ viewer, query }) {
      const key = JSON.stringify([viewer.scope, query.from, query.to, query.district, query.carrier])
      return cache.get(key, () => gatherKpis(context, query, viewer.scope))
    },
  }
}
