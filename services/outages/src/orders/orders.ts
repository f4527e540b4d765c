/** The hub's own steps of work orders, once a minute: yellow and red by the clock, closed once verified. */
import { type Changed, topic } from '@hub/contracts'
import { type Deps, periodic, repairRulesOf, tendWorkOrders } from '@hub/platform'

const everyMs = 60_000

/** @returns the stop. What changed is told on the bus; the Record holds the truth already. */
export function startOrders({
  bus,
  clock,
  config,
  log,
  record,
}: Pick<Deps, 'bus' | 'clock' | 'config' | 'log' | 'record'>): () => Promise<void> {
  const rules = repairRulesOf(config.policy)
  return periodic(clock, log, everyMs, 'work orders', async () => {
    for (const id of await tendWorkOrders(record, clock.now(), rules)) {
      const message: Changed = { v: 1, at: clock.now(), id }
      await bus.publish(topic('workOrders'), JSON.stringify(message))
    }
  })
}
