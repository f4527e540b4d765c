/** Outages: the board, one explained, what people do with it. */

import { HubError } from '@hub/contracts'
import { type Deps, type Handlers, tablesOf } from '@hub/platform'
import { stepOutage } from './actions.ts'
import { findOutageRow, listOutages } from './board.ts'
import { lifePolicyOf, type OutagesConfig } from './config.ts'
import { findOutage } from './detail.ts'
import { judgeOutage } from './judge.ts'
import { agreementOf, causeChoices } from './judgements.ts'
import type { OutagesDb } from './tables.ts'

type Outages = Pick<Handlers, 'outages' | 'outage' | 'stepOutage' | 'judgeOutage' | 'outageCauses' | 'outageAgreement'>

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

    async judgeOutage({ viewer, params, body }) {
      const now = clock.now()
      const rows = await record.transaction((trx) => judgeOutage(trx, deps, viewer, params.id, body, now))
      for (const { id, districts } of rows) publishChange({ what: 'outages', id, districts })
      return findOutage(record.db, viewer.scope, rows[0]!.id, now, policy, viewer)
    },

    async outageCauses({ viewer, params }) {
      const row = await findOutageRow(record.db, viewer.scope, params.id, viewer)
      if (!row) throw new HubError('outage.unknown', { value: params.id })
      return causeChoices(record.db, viewer.scope, row)
    },

    outageAgreement: () => agreementOf(record.db, clock.now()),
  }
}
