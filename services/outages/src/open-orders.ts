/**
 * Work orders of an outage that is closed. Problem: an order that nobody thinks of runs on, turns red and counts against its unit, though
 * all devices are back. So whoever closes the outage says what becomes of them; the room work-orders does it, by the outbox.
 */
import {
  HubError,
  inScope,
  limitText,
  type MessageInput,
  type OrdersAtClose,
  type Role,
  type Scope,
} from '@hub/contracts'
import type { Deps } from '@hub/platform'
import { type Kysely, sql } from 'kysely'
import type { OutagesDb } from './tables.ts'

type Db = Kysely<OutagesDb>
type Order = { id: string; number: string; unit: string; districts: string; status: string }

/** Orders that are named; more are counted. */
const named = 5

/** Those that touch a district of the viewer: what he cannot see he is not asked about, and it runs on. */
async function openOrders(db: Db, outage: string, scope: Scope): Promise<Order[]> {
  const rows = await db
    .selectFrom('work_orders_order')
    .select(['id', 'number', 'unit', 'districts', 'status'])
    .where('outage', '=', outage)
    .where('status', 'not in', ['closed', 'cancelled'])
    .orderBy('number')
    .execute()
  return rows.filter((order) => districtsOf(order).some((district) => inScope(scope, district)))
}

const districtsOf = ({ districts }: Order) => JSON.parse(districts) as Parameters<typeof inScope>[1][]

/**
 * What a person has answered for the open orders of the outage that he closes. Run it in the transaction of the step.
 * @returns the answer; null when nothing was to be asked
 * @throws HubError `outage.open-orders` without an answer, or for `repaired` while a device is down; `permission.denied` for orders about
 * devices that he does not see; `approval.own` for closing as repaired what he reported himself
 */
export async function settleOrders(
  trx: Db,
  outbox: Deps['outbox'],
  { scope, user, role }: { scope: Scope; user: string; role?: Role | undefined },
  {
    outage,
    answer,
    note,
    now,
  }: { outage: string; answer: OrdersAtClose | undefined; note: string | null; now: number },
): Promise<OrdersAtClose | null> {
  const open = await openOrders(trx, outage, scope)
  if (open.length === 0) return null
  if (answer === undefined)
    throw new HubError('outage.open-orders', { field: 'orders', value: outage, limit: namesOf(open) })
  if (answer === 'leave') return answer
  if (open.some((order) => districtsOf(order).some((district) => !inScope(scope, district))))
    throw new HubError('permission.denied', {
      value: role ?? user,
      limit: limitText('beyond-districts', { what: answer === 'repaired' ? 'close' : 'cancel' }),
    })
  if (answer === 'repaired') await proveRepaired(trx, open, user)
  await tell(trx, outbox, { orders: open, result: answer, id: outage, user, note, at: now })
  return answer
}

/** The hub closes by itself: what the policy says holds for all of them. */
export async function settleByPolicy(
  trx: Db,
  outbox: Deps['outbox'],
  { outage, policy, user, now }: { outage: string; policy: OrdersAtClose; user: string; now: number },
): Promise<OrdersAtClose | null> {
  const open = await openOrders(trx, outage, 'city')
  if (open.length === 0) return null
  if (policy !== 'leave')
    await tell(trx, outbox, { orders: open, result: policy, id: outage, user, note: null, at: now })
  return policy
}

/** `GD-20261122-0001 甲维护公司, …` */
function namesOf(open: readonly Order[]): string {
  const orders = open
    .slice(0, named)
    .map(({ number, unit }) => `${number} ${unit}`)
    .join(', ')
  return open.length > named ? limitText('orders-open-more', { orders, more: open.length - named }) : orders
}

/** What a contractor could not report done, and what one has reported oneself, is not closed as repaired by this way round. */
async function proveRepaired(trx: Db, open: readonly Order[], user: string): Promise<void> {
  for (const { id, number, status } of open) {
    const { rows } = await sql<{ down: number }>`
      SELECT count(*) AS down FROM work_orders_device o JOIN registry_device d ON d.id = o.device
      LEFT JOIN ingest_state s ON s.device = o.device
      WHERE o.work_order = ${id} AND d.stage = 'in-service' AND coalesce(s.state, 'unknown') NOT IN ('up', 'degraded')`.execute(
      trx,
    )
    const { down } = rows[0]!
    if (down > 0)
      throw new HubError('outage.open-orders', {
        field: 'orders',
        value: number,
        limit: limitText('order-down', { order: number, down }),
      })
    if (status !== 'done') continue
    const last = await trx
      .selectFrom('work_orders_step')
      .select('actor')
      .where('work_order', '=', id)
      .where('step', '=', 'done')
      .orderBy('id', 'desc')
      .executeTakeFirst()
    if (last?.actor === user) throw new HubError('approval.own', { value: user, limit: limitText('act-verify') })
  }
}

const tell = (
  trx: Db,
  outbox: Deps['outbox'],
  { orders, ...said }: Omit<MessageInput<'outageClosed'>, 'v' | 'orders'> & { orders: readonly Order[] },
) => outbox.append(trx, 'outageClosed', {}, { v: 1, ...said, orders: orders.map(({ id }) => id) })
