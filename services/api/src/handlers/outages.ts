/** Outages: the board, one explained, what people do with it. */
import { findOutage, lifePolicyOf, listOutages, stepOutage } from '@hub/platform'
import type { Handlers } from '../http/call.ts'
import type { Context } from './context.ts'

type Outages = Pick<Handlers, 'outages' | 'outage' | 'stepOutage'>

export const outageHandlers = ({ clock, config, record, notice }: Context): Outages => ({
  outages: ({ viewer, query }) => listOutages(record.db, viewer.scope, query, clock.now(), viewer.units),

  outage: ({ viewer, params }) =>
    findOutage(record.db, viewer.scope, params.id, clock.now(), lifePolicyOf(config.policy), viewer.units),

  async stepOutage({ viewer, params, body }) {
    const now = clock.now()
    const life = lifePolicyOf(config.policy)
    const row = await record.transaction((trx) =>
      stepOutage(trx, viewer.scope, params.id, body, viewer.user, now, life),
    )
    notice('outages', row.id)
    return row
  },
})
