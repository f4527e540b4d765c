/** An outage went into another: its orders go with it. Taken twice it changes nothing. */
import type { MessageValue } from '@hub/contracts'
import type { Deps } from '@hub/platform'
import { requestWarning } from './notifications.ts'
import type { FullOrder } from './queries.ts'
import type { Db } from './tables.ts'

type Rules = Parameters<typeof requestWarning>[5]

/** @returns the orders that went */
export async function takeMerged(
  trx: Db,
  { outbox }: Pick<Deps, 'outbox'>,
  { id, into, at }: MessageValue<'outageMerged'>,
  now: number,
  rules: Rules,
): Promise<string[]> {
  const orders = await trx
    .updateTable('work_order')
    .set({ outage: into })
    .where('outage', '=', id)
    // An id may be given again: what was issued since is not meant.
    .where('issued_at', '<=', at)
    .returning(['id', 'overtime'])
    .execute()
  for (const order of orders)
    await requestWarning(trx, outbox, order.id, order.overtime as FullOrder['marked'], now, rules)
  return orders.map((order) => order.id)
}
