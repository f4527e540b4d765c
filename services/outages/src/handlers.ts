/** Outages: the board, one explained, what people do with it. */

import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { stepOutage } from './actions.ts'
import { listOutages } from './board.ts'
import { lifePolicyOf, type OutagesConfig } from './config.ts'
import { findOutage } from './detail.ts'
import type { OutagesDb } from './tables.ts'

type Outages = Pick<Handlers, 'outages' | 'outage' | 'stepOutage'>

export function outageHandlers(deps: Deps<OutagesConfig>): Outages {
  const { clock, config, publishChange } = deps
  const record = tablesOf<OutagesDb>(deps.record)
  const policy = { life: lifePolicyOf(config.policy), ordersAtClose: config.policy.outages.ordersAtClose }
  return {
    outages: ({ viewer, query }) => listOutages(record.db, viewer.scope, query, clock.now(), viewer),

    outage: ({ viewer, params }) => findOutage(record.db, viewer.scope, params.id, clock.now(), policy, viewer),

    async stepOutage({ viewer, params, body }) {
      const now = clock.now()
      const { life } = policy
      const row = await record.transaction((trx) => stepOutage(trx, deps, viewer, params.id, body, now, life))
      publishChange({ what: 'outages', id: row.id, districts: row.districts })
      return row
    },
  }
}
