/** The figures that the city reports. */
import type { KpiReport } from '@hub/contracts'
import { addStated, computeKpis, registryRevision } from '@hub/platform'
import type { Handlers } from '../http/call.ts'
import { createCache } from '../live/cache.ts'
import type { Context } from './context.ts'

/** States change all the time: askers within this time share one answer, as long as registry and adjustments stay as they are. */
const keptMs = 15_000

export function kpiHandlers(context: Context): Pick<Handlers, 'kpis'> {
  const { clock, record } = context
  const cache = createCache<KpiReport>(clock, keptMs)
  return {
    async kpis({ viewer, query }) {
      const revision = await registryRevision(record.db)
      const key = JSON.stringify([viewer.scope, query.from, query.to, query.district, query.carrier, revision])
      const report = await cache.get(key, () => computeKpis(context, query, viewer.scope))
      return addStated(record, report, query, viewer.scope)
    },
  }
}
