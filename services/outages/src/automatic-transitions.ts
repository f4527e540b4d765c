/** What the hub does with outages by itself: resolves, reopens, closes, escalates. */
import type { OrdersAtClose } from '@hub/contracts'
import { automaticTransition, type LifePolicy } from '@hub/core'
import { type Deps, tablesOf } from '@hub/platform'
import { outageLives, takeAutomaticTransition } from './actions.ts'
import type { OutagesDb } from './tables.ts'

/** Transitions of one transaction. */
const slice = 200

/** @returns the outages that were moved. */
export async function takeAutomaticTransitions(
  deps: Pick<Deps, 'record' | 'audit' | 'outbox'>,
  policy: LifePolicy,
  now: number,
  ordersAtClose: OrdersAtClose = 'leave',
): Promise<string[]> {
  const record = tablesOf<OutagesDb>(deps.record)
  const steps = (await outageLives(record.db)).flatMap((life) => {
    const step = automaticTransition(life, now, policy)
    return step ? [{ id: life.id, step }] : []
  })
  for (let i = 0; i < steps.length; i += slice) {
    if (i > 0) await new Promise((resolve) => setImmediate(resolve))
    await record.transaction(async (trx) => {
      for (const { id, step } of steps.slice(i, i + slice))
        await takeAutomaticTransition(trx, deps, id, step, now, ordersAtClose)
    })
  }
  return steps.map(({ id }) => id)
}
