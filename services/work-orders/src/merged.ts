/** An outage went into another: its orders go with it. Devices left one: the orders that are named do. Taken twice it changes nothing. */
import type { MessageValue } from '@hub/contracts'
import type { Deps } from '@hub/platform'
import { requestWarning } from './notifications.ts'
import type { FullOrder } from './queries.ts'
import type { Db } from './tables.ts'

type Rules = Parameters<typeof requestWarning>[5]

type Parts = Pick<Deps, 'outbox'>

/** @returns the orders that went */
export async function takeMerged(
  trx: Db,
  { outbox }: Parts,
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

/** @returns the orders that went */
export async function takeSplit(
  trx: Db,
  { outbox }: Parts,
  { id, from, orders: going = [] }: MessageValue<'outageSplit'>,
  now: number,
  rules: Rules,
): Promise<string[]> {
  if (going.length === 0) return []
  const orders = await trx
    .updateTable('work_order')
    .set({ outage: id })
    .where('id', 'in', going)
    .where('outage', '=', from)
    .returning(['id', 'overtime'])
    .execute()
  for (const order of orders)
    await requestWarning(trx, outbox, order.id, order.overtime as FullOrder['marked'], now, rules)
  return orders.map((order) => order.id)
}
