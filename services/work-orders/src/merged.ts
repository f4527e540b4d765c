/** Takes from the outbox that an outage went into another: its orders go with it. Taken twice it changes nothing. */
import { type Consumer, type Deps, tablesIn, tablesOf } from '@hub/platform'
import { changesOf } from './audience.ts'
import { repairRulesOf, type WorkOrdersConfig } from './config.ts'
import { requestWarning } from './notifications.ts'
import type { FullOrder } from './queries.ts'
import type { WorkOrdersDb } from './tables.ts'

export const merged = {
  name: 'work-orders',
  messages: ['outageMerged'],
} as const satisfies Pick<Consumer, 'name' | 'messages'>

/** @returns the stop */
export function consumeMerged(deps: Deps<WorkOrdersConfig>): Promise<() => Promise<void>> {
  const { clock, config, log, outbox, publishChange, record } = deps
  const { db } = tablesOf<WorkOrdersDb>(record)
  const rules = repairRulesOf(config.policy)
  let moved: string[] = []
  /** Whoever has read the board of the greater outage before has not seen them there. */
  const publish = async (ids: readonly string[]) => {
    for (const change of await changesOf(db, ids)) publishChange(change)
  }
  return outbox.consume({
    ...merged,
    async take(trx, { value: { id, into, at } }) {
      const own = tablesIn<WorkOrdersDb>(trx)
      const orders = await own
        .updateTable('work_order')
        .set({ outage: into })
        .where('outage', '=', id)
        // An id may be given again: what was issued since is not meant.
        .where('issued_at', '<=', at)
        .returning(['id', 'overtime'])
        .execute()
      for (const order of orders) {
        moved.push(order.id)
        await requestWarning(own, outbox, order.id, order.overtime as FullOrder['marked'], clock.now(), rules)
      }
    },
    taken() {
      const ids = [...new Set(moved)]
      moved = []
      if (ids.length > 0)
        publish(ids).catch((err: unknown) =>
          log.debug({ err }, 'moved orders were not told; they are read again anyway'),
        )
    },
  })
}
