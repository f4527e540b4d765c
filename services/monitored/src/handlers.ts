/** How often the monitored systems were normal. */

import type { GatewaysViews } from '@hub/contracts'
import { periodOf } from '@hub/core'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { listSystems } from './queries.ts'
import type { MonitoredTables } from './tables.ts'

export const monitoredHandlers = ({ clock, record }: Deps): Pick<Handlers, 'platforms'> => ({
  async platforms({ viewer, query }) {
    const asOf = clock.now()
    const { from, to } = periodOf(query, asOf)
    return {
      asOf,
      from,
      to,
      platforms: await listSystems(tablesOf<MonitoredTables & GatewaysViews>(record).db, viewer.scope, { from, to }),
    }
  },
})
