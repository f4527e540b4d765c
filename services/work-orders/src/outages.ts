/** Takes from the outbox what became of outages: their orders go into another with them, or are closed with them. */
import type { MessageValue } from '@hub/contracts'
import { type Consumer, type Deps, tablesIn, tablesOf, unionOf } from '@hub/platform'
import { changesOf } from './audience.ts'
import { repairRulesOf, type WorkOrdersConfig } from './config.ts'
import { takeMerged, takeSplit } from './merged.ts'
import { settleWorkOrder } from './steps.ts'
import type { WorkOrdersDb } from './tables.ts'

export const outages = {
  name: 'work-orders',
  messages: ['outageMerged', 'outageSplit', 'outageClosed'],
} as const satisfies Pick<Consumer, 'name' | 'messages'>

/** Taken twice it changes nothing. @returns the stop */
export function consumeOutages(deps: Deps<WorkOrdersConfig>): Promise<() => Promise<void>> {
  const { clock, config, log, outbox, publishChange, record } = deps
  const { db } = tablesOf<WorkOrdersDb>(record)
  const rules = repairRulesOf(config.policy)
  let changed: string[] = []
  let closed: string[] = []
  /** Whoever has read the board before has not seen them as they are. */
  const publish = async (ids: readonly string[], outages: readonly string[]) => {
    const changes = await changesOf(db, ids)
    for (const change of changes) publishChange(change)
    for (const id of outages) publishChange({ what: 'outages', id, districts: unionOf(changes) })
  }
  return outbox.consume({
    ...outages,
    async take(trx, { message, value }) {
      const own = tablesIn<WorkOrdersDb>(trx)
      const now = clock.now()
      if (message === 'outageMerged') {
        changed.push(...(await takeMerged(own, deps, value as MessageValue<'outageMerged'>, now, rules)))
        return
      }
      if (message === 'outageSplit') {
        changed.push(...(await takeSplit(own, deps, value as MessageValue<'outageSplit'>, now, rules)))
        return
      }
      const { id: outage, orders, result, user: actor, note } = value as MessageValue<'outageClosed'>
      for (const id of orders)
        if (await settleWorkOrder(own, deps, id, { result, actor, note }, now, rules)) changed.push(id)
      closed.push(outage)
    },
    taken() {
      const [ids, outages] = [[...new Set(changed)], [...new Set(closed)]]
      changed = []
      closed = []
      if (ids.length > 0)
        publish(ids, outages).catch((err: unknown) =>
          log.debug({ err }, 'changed orders were not told; they are read again anyway'),
        )
    },
  })
}
