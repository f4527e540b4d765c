/** What is done with a work order: a link of its evidence chain, where it stands, and a line of the audit, together. */
import {
  HubError,
  type Role,
  type Scope,
  type WorkOrderAction,
  type WorkOrderStatus,
  type WorkOrderStep,
} from '@hub/contracts'
import { moveOrder, overtimeOf, sideOf } from '@hub/core'
import type { Kysely } from 'kysely'
import type { RepairRules } from './repair-policy.ts'
import type { RecordTables } from './schema.ts'
import { linkOf, standingOf } from './work-order-chain.ts'
import { type FullOrder, fullOrder } from './work-orders.ts'

type Db = Kysely<RecordTables>
type Rules = Pick<RepairRules, 'yellowShare' | 'provenMs'>
type Step = Pick<WorkOrderStep, 'actor' | 'step' | 'note'>
/** Who steps; the permission for it has been checked. */
export type Stepper = { user: string; role: Role; scope: Scope }

/** The hub's own name in chains and in the audit. */
const hub = 'hub'
const ranks = ['none', 'yellow', 'red']

/**
 * A person's step. Run it in a transaction.
 * @throws HubError `work-order.unknown`, also out of scope; `work-order.step` when its status allows no such step or its devices are not
 * up for long enough; `approval.own` for a verification of one's own work; `permission.denied` for an issuer's step about devices that
 * he does not see
 */
export async function stepWorkOrder(
  trx: Db,
  { user, role, scope }: Stepper,
  id: string,
  { step, note = null }: Pick<WorkOrderAction, 'step'> & { note?: string | null | undefined },
  now: number,
  rules: Rules,
): Promise<void> {
  const order = await fullOrder(trx, scope, id, now, rules)
  if (sideOf[step] === 'issuer' && order.devices.length < order.all.length)
    throw new HubError('permission.denied', { value: role, limit: `${step} beyond the own districts` })
  const moved = moveOrder(order, step, now, rules.provenMs)
  if (!moved.ok) throw refusal(order, step, moved, rules)
  if (step === 'verify' && order.steps.findLast((s) => s.step === 'done')?.actor === user)
    throw new HubError('approval.own', { value: user, limit: step })
  await mark(trx, id, now, rules)
  await append(trx, id, { actor: user, step, note }, now, rules)
  // What is returned is not done: its limit may have passed meanwhile.
  await mark(trx, id, now, rules)
}

function refusal(
  { status }: FullOrder,
  step: string,
  { why, legal }: { why: 'status' | 'once' | 'not-up'; legal: string[] },
  { provenMs }: Rules,
): HubError {
  const limit = {
    status: `legal is ${legal.join(', ')}`,
    once: 'only once',
    'not-up': `all its devices must have been up for ${provenMs / 60_000} minutes`,
  }[why]
  return new HubError('work-order.step', { field: step, value: status, limit })
}

/**
 * What the hub does by itself: marks what is overtime, closes what is verified. One transaction for each order.
 * @returns ids of the orders that have changed
 */
export async function tendWorkOrders(
  record: { db: Db; transaction<T>(work: (trx: Db) => Promise<T>): Promise<T> },
  now: number,
  rules: Rules,
): Promise<string[]> {
  const changed: string[] = []
  for (const { id } of await pressing(record.db, now, rules)) {
    await record.transaction(async (trx) => {
      await mark(trx, id, now, rules)
      // Read again: somebody may have closed it meanwhile.
      const { status } = await fullOrder(trx, 'city', id, now, rules)
      if (status === 'verified') await append(trx, id, { actor: hub, step: 'close', note: null }, now, rules)
    })
    changed.push(id)
  }
  return changed
}

/** Orders with a colour that is not theirs any more, or verified. Nothing leads out of `verified` but being closed. */
async function pressing(db: Db, now: number, rules: Rules) {
  const rows = await db
    .selectFrom('work_order')
    .select(['id', 'status', 'overtime', 'issued_at as issuedAt', 'respond_by as respondBy', 'repair_by as repairBy'])
    .select(['received_at as receivedAt', 'done_at as doneAt'])
    .where('status', 'not in', ['closed', 'cancelled'])
    .orderBy('issued_at')
    .execute()
  return rows.filter((row) => {
    const status = row.status as WorkOrderStatus
    return status === 'verified' || overtimeOf({ ...row, status }, now, rules) !== row.overtime
  })
}

/** A colour that is new, or gone; only a graver one is a link of the chain. */
async function mark(trx: Db, id: string, now: number, rules: Rules): Promise<void> {
  const { overtime, marked } = await fullOrder(trx, 'city', id, now, rules)
  if (overtime === marked) return
  if (overtime !== 'none' && ranks.indexOf(overtime) > ranks.indexOf(marked))
    await append(trx, id, { actor: hub, step: overtime, note: null }, now, rules)
  await trx.updateTable('work_order').set({ overtime }).where('id', '=', id).execute()
}

/** The next link. */
export async function append(trx: Db, id: string, { actor, step, note }: Step, now: number, rules: Rules) {
  const order = await fullOrder(trx, 'city', id, now, rules)
  const link = { at: now, actor, step, note, down: order.allDown }
  const hash = linkOf({ ...order, devices: order.all }, order.steps.at(-1)?.hash, link)
  await trx
    .insertInto('work_order_step')
    .values({ work_order: id, ...link, hash })
    .execute()
  const { status, receivedAt, doneAt, closedAt, returned } = standingOf([...order.steps, link])
  await trx
    .updateTable('work_order')
    .set({ status, received_at: receivedAt, done_at: doneAt, closed_at: closedAt, returned: Number(returned) })
    .where('id', '=', id)
    .execute()
  const detail = { number: order.number, from: order.status, to: status, note }
  await trx
    .insertInto('audit')
    .values({ at: now, actor, action: `work-order.${step}`, subject: id, detail: JSON.stringify(detail) })
    .execute()
}
