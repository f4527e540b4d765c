/** Steps of a work order. */
import type { WorkOrder, WorkOrderAction, WorkOrderStatus } from '@hub/contracts'

type Step = WorkOrderAction['step']

const moves: Record<WorkOrderStatus, Partial<Record<Step, WorkOrderStatus>>> = {
  issued: { receive: 'received', dispute: 'disputed', cancel: 'cancelled' },
  received: { dispute: 'disputed', done: 'done', cancel: 'cancelled' },
  disputed: { uphold: 'issued', cancel: 'cancelled' },
  done: { verify: 'verified', return: 'returned' },
  returned: { done: 'done', cancel: 'cancelled' },
  verified: { close: 'closed' },
  closed: {},
  cancelled: {},
}

/** Whose step it is: of the unit that repairs, or of the one who issued. A comment is anybody's. */
export const sideOf: Record<Step, 'repairer' | 'issuer' | 'both'> = {
  receive: 'repairer',
  dispute: 'repairer',
  done: 'repairer',
  uphold: 'issuer',
  cancel: 'issuer',
  verify: 'issuer',
  return: 'issuer',
  close: 'issuer',
  comment: 'both',
}

/**
 * The status after a step, or what is legal and why not. Disputed once at most; returned once at most; done only when every
 * device has been up for `provenMs`.
 */
export function moveOrder(
  order: Pick<WorkOrder, 'status' | 'returned' | 'upSince'> & {
    steps: readonly Pick<WorkOrder['steps'][number], 'step'>[]
  },
  step: Step,
  now: number,
  provenMs: number,
): { ok: true; status: WorkOrderStatus } | { ok: false; legal: Step[]; why: 'status' | 'once' | 'not-up' } {
  const legal = [...(Object.keys(moves[order.status]) as Step[]), 'comment' as const]
  if (step === 'comment') return { ok: true, status: order.status }
  const status = moves[order.status][step]
  if (!status) return { ok: false, legal, why: 'status' }
  if (step === 'dispute' && order.steps.some((s) => s.step === 'dispute')) return { ok: false, legal, why: 'once' }
  if (step === 'return' && order.returned) return { ok: false, legal, why: 'once' }
  if (step === 'done' && provenIn(order, now, provenMs) !== 0) return { ok: false, legal, why: 'not-up' }
  return { ok: true, status }
}

/** How long the devices must stay up before `done` is believed; null while one is not up. ms */
export const provenIn = ({ upSince }: Pick<WorkOrder, 'upSince'>, now: number, provenMs: number): number | null =>
  upSince === null ? null : Math.max(0, upSince + provenMs - now)

/**
 * What an order is given when its outage is closed with that result. Whatever is done already is not withdrawn: it is closed as repaired.
 * Null: it is over.
 */
export function settleOrder(status: WorkOrderStatus, result: 'repaired' | 'withdrawn'): 'close' | 'cancel' | null {
  if (status === 'closed' || status === 'cancelled') return null
  return result === 'withdrawn' && status !== 'done' && status !== 'verified' ? 'cancel' : 'close'
}
