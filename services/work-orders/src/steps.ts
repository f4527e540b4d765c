/** What is done with a work order: a link of its evidence chain, where it stands, and a line of the audit, together. */
import {
  HubError,
  limitText,
  type Role,
  type WorkOrderAction,
  type WorkOrderStatus,
  type WorkOrderStep,
} from '@hub/contracts'
import { minuteMs, moveOrder, overtimeOf, provenIn, secondMs, settleOrder, sideOf } from '@hub/core'
import { type Deps, tablesOf } from '@hub/platform'
import type { RepairRules } from './config.ts'
import { linkOf, standingOf } from './evidence-chain.ts'
import { requestWarning } from './notifications.ts'
import { everyOrder, type FullOrder, fullOrder, type OrderViewer } from './queries.ts'
import type { Db, WorkOrdersDb } from './tables.ts'

export type Parts = Pick<Deps, 'audit' | 'outbox'>
type Rules = Pick<RepairRules, 'yellowShare' | 'provenMs'>
type Step = Pick<WorkOrderStep, 'actor' | 'step' | 'note'>
/** Who steps; the permission for it has been checked. */
export type Stepper = OrderViewer & { user: string; role: Role }

/** The hub's own name in chains and in the audit. */
const hub = 'hub'
const ranks = ['none', 'yellow', 'red']

/**
 * A person's step. Run it in a transaction.
 * @throws HubError `work-order.unknown`, also out of scope or of another unit; `work-order.unit` for who would repair and is in no unit;
 * `work-order.step` when its status allows no such step or its devices are not
 * up for long enough; `approval.own` for a verification of one's own work; `permission.denied` for an issuer's step about devices that
 * he does not see
 */
export async function stepWorkOrder(
  trx: Db,
  parts: Parts,
  { user, role, ...viewer }: Stepper,
  id: string,
  { step, note = null }: Pick<WorkOrderAction, 'step'> & { note?: string | null | undefined },
  now: number,
  rules: Rules,
): Promise<void> {
  if (viewer.units !== 'all' && viewer.units.length === 0) throw new HubError('work-order.unit', { value: user })
  const order = await fullOrder(trx, viewer, id, now, rules)
  if (sideOf[step] === 'issuer' && order.devices.length < order.all.length)
    throw new HubError('permission.denied', { value: role, limit: limitText('beyond-districts', { what: step }) })
  const moved = moveOrder(order, step, now, rules.provenMs)
  if (!moved.ok) throw refusal(order, step, moved, now, rules)
  if (step === 'verify' && order.steps.findLast((s) => s.step === 'done')?.actor === user)
    throw new HubError('approval.own', { value: user, limit: limitText('act-verify') })
  const marked = await mark(trx, parts, order, now, rules)
  const stepped = await append(trx, parts, marked, { actor: user, step, note }, now)
  // What is returned is not done: its limit may have passed meanwhile.
  await mark(trx, parts, stepped, now, rules)
  await requestWarning(trx, parts.outbox, id, order.marked, now, rules)
}

function refusal(
  order: FullOrder,
  step: WorkOrderAction['step'],
  { why, legal }: { why: 'status' | 'once' | 'not-up'; legal: string[] },
  now: number,
  rules: Rules,
): HubError {
  const limit = {
    status: () => limitText('legal-is', { legal: legal.join(', ') }),
    once: () => limitText(step === 'return' ? 'return-once' : 'dispute-once'),
    'not-up': () => missing(order, now, rules),
  }[why]()
  return new HubError('work-order.step', { field: step, value: order.status, limit })
}

/** What is still missing before `done` is believed. */
function missing(order: FullOrder, now: number, { provenMs }: Rules): string {
  const left = provenIn(order, now, provenMs)
  if (left === null) return limitText('still-down', { down: order.down || order.allDown, minutes: provenMs / minuteMs })
  return left < minuteMs
    ? limitText('up-more-seconds', { seconds: Math.ceil(left / secondMs) })
    : limitText('up-more-minutes', { minutes: Math.ceil(left / minuteMs) })
}

/**
 * What the hub does by itself: marks what is overtime, closes what is verified. One transaction for each order.
 * @returns ids of the orders that have changed
 */
export async function takeAutomaticSteps(
  deps: Parts & Pick<Deps, 'record'>,
  now: number,
  rules: Rules,
): Promise<string[]> {
  const record = tablesOf<WorkOrdersDb>(deps.record)
  const changed: string[] = []
  for (const { id } of await pressing(record.db, now, rules)) {
    await record.transaction(async (trx) => {
      const before = await fullOrder(trx, everyOrder, id, now, rules)
      const order = await mark(trx, deps, before, now, rules)
      // Somebody may have closed it meanwhile.
      if (order.status === 'verified') await append(trx, deps, order, { actor: hub, step: 'close', note: null }, now)
      await requestWarning(trx, deps.outbox, id, before.marked, now, rules)
    })
    changed.push(id)
  }
  return changed
}

/**
 * An outage was closed, and its order with it: nobody asks how long all has been back. Run it in a transaction. An order of which a
 * device is down, in another outage perhaps, is not repaired: it runs on.
 * @param actor who closed the outage. @returns whether there was anything to close
 */
export async function settleWorkOrder(
  trx: Db,
  parts: Parts,
  id: string,
  { result, actor, note }: { result: 'repaired' | 'withdrawn'; actor: string; note: string | null },
  now: number,
  rules: Rules,
): Promise<boolean> {
  const order = await fullOrder(trx, everyOrder, id, now, rules)
  const step = settleOrder(order.status, result)
  if (step === null || (result === 'repaired' && order.allDown > 0)) return false
  const marked = await mark(trx, parts, order, now, rules)
  const settled = await append(trx, parts, marked, { actor, step, note }, now)
  await mark(trx, parts, settled, now, rules)
  await requestWarning(trx, parts.outbox, id, order.marked, now, rules)
  return true
}

/** Orders with a colour that is not theirs any more, or verified. Nothing leads out of `verified` but being closed. */
async function pressing(db: Db, now: number, rules: Rules) {
  const rows = await db
    .selectFrom('work_order')
    .select(['id', 'status', 'overtime', 'issued_at as issuedAt', 'respond_by as respondBy', 'repair_by as repairBy'])
    .select(['received_at as receivedAt', 'done_at as doneAt', 'closed_at as closedAt'])
    .where('status', 'not in', ['closed', 'cancelled'])
    .orderBy('issued_at')
    .execute()
  return rows.filter((row) => {
    const status = row.status as WorkOrderStatus
    return status === 'verified' || overtimeOf({ ...row, status }, now, rules) !== row.overtime
  })
}

/** A colour that is new, or gone; only a graver one is a link of the chain. @returns the order as it is then */
async function mark(trx: Db, parts: Parts, order: FullOrder, now: number, rules: Rules): Promise<FullOrder> {
  const overtime = overtimeOf(order, now, rules)
  if (overtime === order.marked) return order
  const graver = overtime !== 'none' && ranks.indexOf(overtime) > ranks.indexOf(order.marked)
  const marked = graver ? await append(trx, parts, order, { actor: hub, step: overtime, note: null }, now) : order
  await trx.updateTable('work_order').set({ overtime }).where('id', '=', order.id).execute()
  return { ...marked, marked: overtime }
}

/** The next link. @returns the order as it is then */
export async function append(
  trx: Db,
  { audit }: Pick<Parts, 'audit'>,
  order: FullOrder,
  { actor, step, note }: Step,
  now: number,
): Promise<FullOrder> {
  const { id, number } = order
  const link = { at: now, actor, step, note, down: order.allDown }
  const hash = linkOf({ ...order, devices: order.all }, order.steps.at(-1)?.hash, link)
  const steps = [...order.steps, { ...link, hash }]
  const standing = standingOf(steps)
  await trx
    .insertInto('work_order_step')
    .values({ work_order: id, ...link, hash })
    .execute()
  const { status, receivedAt, doneAt, closedAt, returned } = standing
  await trx
    .updateTable('work_order')
    .set({ status, received_at: receivedAt, done_at: doneAt, closed_at: closedAt, returned: Number(returned) })
    .where('id', '=', id)
    .execute()
  const detail = { number, from: order.status, to: status, note }
  await audit.append(trx, { at: now, actor, action: `work-order.${step}`, subject: id, detail })
  return { ...order, ...standing, steps }
}
