/** Takes from the outbox that a work order was issued for an outage: it is in progress from then on. */
import { type Consumer, type Deps, tablesIn } from '@hub/platform'
import { stepOutage } from './actions.ts'
import { findOutageRow } from './board.ts'
import { lifePolicyOf, type OutagesConfig } from './config.ts'
import type { OutagesDb } from './tables.ts'

export const orders = {
  name: 'outages',
  messages: ['workOrderIssued'],
} as const satisfies Pick<Consumer, 'name' | 'messages'>

/** One that somebody handles already, or that is over, stays as it is: taken twice it changes nothing. @returns the stop */
export function consumeWorkOrders(deps: Deps<OutagesConfig>): Promise<() => Promise<void>> {
  const { clock, config, outbox, publishChange } = deps
  const life = lifePolicyOf(config.policy)
  const changes: Parameters<typeof publishChange>[0][] = []
  return outbox.consume({
    ...orders,
    async take(trx, { value: { outage: id, user } }) {
      const own = tablesIn<OutagesDb>(trx)
      const outage = await findOutageRow(own, 'city', id)
      if (outage?.status !== 'open' && outage?.status !== 'acknowledged') return
      const { districts } = await stepOutage(
        own,
        deps,
        { scope: 'city', user },
        id,
        { step: 'start' },
        clock.now(),
        life,
      )
      changes.push({ what: 'outages', id: outage.id, districts })
    },
    taken() {
      for (const change of changes.splice(0)) publishChange(change)
    },
  })
}
