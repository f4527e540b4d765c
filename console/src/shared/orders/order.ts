/** Work orders: their groups, whose turn it is, what may be done and why not, and how the limits stand. Pure. */
import type { Permission, WorkOrder, WorkOrderAction, WorkOrderStatus } from '@hub/contracts'
import { moveOrder, sideOf } from '@hub/core'

type Step = WorkOrderAction['step']
const statusOrder: readonly WorkOrderStatus[] = [
  'issued',
  'received',
  'returned',
  'disputed',
  'done',
  'verified',
  'closed',
  'cancelled',
]
const rank = { red: 0, yellow: 1, none: 2 } as const

/** In the order of an order's life; within a group overtime first, then the nearest limit. */
export const orderGroups = (orders: readonly WorkOrder[]): { status: WorkOrderStatus; orders: WorkOrder[] }[] =>
  statusOrder.flatMap((status) => {
    const of = orders
      .filter((order) => order.status === status)
      .sort((a, b) => rank[a.overtime] - rank[b.overtime] || dueOf(a) - dueOf(b))
    return of.length ? [{ status, orders: of }] : []
  })

/** Those that are late longest first, then by the time that is left; last those whose clocks stand still. */
export const byTimeLeft = (orders: readonly WorkOrder[]): WorkOrder[] =>
  [...orders].sort(
    (a, b) =>
      (runningLimit(a)?.by ?? Number.POSITIVE_INFINITY) - (runningLimit(b)?.by ?? Number.POSITIVE_INFINITY) ||
      dueOf(a) - dueOf(b),
  )

const dueOf = (order: WorkOrder): number => runningLimit(order)?.by ?? order.repairBy

export type Limit = { which: 'respond' | 'repair'; by: number; metAt: number | null }

/** Both limits, and when each was met. */
export const limitsOfOrder = (order: Pick<WorkOrder, 'respondBy' | 'repairBy' | 'receivedAt' | 'doneAt'>): Limit[] => [
  { which: 'respond', by: order.respondBy, metAt: order.receivedAt },
  { which: 'repair', by: order.repairBy, metAt: order.doneAt },
]

/** The limit whose clock runs now; null when none does. */
export const runningLimit = (
  order: Pick<WorkOrder, 'status' | 'respondBy' | 'repairBy' | 'receivedAt' | 'doneAt'>,
): Limit | null =>
  order.status === 'closed' || order.status === 'cancelled'
    ? null
    : (limitsOfOrder(order).find(({ metAt }) => metAt === null) ?? null)

const needs: Record<'repairer' | 'issuer', Permission> = { repairer: 'repair', issuer: 'outages' }
const offered: readonly Step[] = ['receive', 'done', 'verify', 'close', 'uphold', 'dispute', 'return', 'cancel']

export type Action = {
  step: Step
  /** The permission that it takes, when the viewer lacks it. */
  lacks: Permission | null
  /** Why it cannot be taken now. */
  why: 'not-up' | 'once' | null
}

/** The steps of an order's status, and why one of them must wait. */
export const actionsOfOrder = (
  order: Parameters<typeof moveOrder>[0] & Pick<WorkOrder, 'provenMs'>,
  now: number,
  may: (permission: Permission) => boolean,
): Action[] =>
  offered.flatMap((step): Action[] => {
    const move = moveOrder(order, step, now, order.provenMs)
    const why = move.ok ? null : move.why
    if (why === 'status') return []
    const side = sideOf[step]
    const permission = side === 'both' ? null : needs[side]
    return [{ step, lacks: permission && !may(permission) ? permission : null, why }]
  })

/** Whether the next step is the viewer's: of the repairer until it is done or disputed, of the issuer then. */
export function awaits(order: Pick<WorkOrder, 'status'>, may: (permission: Permission) => boolean): boolean {
  switch (order.status) {
    case 'issued':
    case 'received':
    case 'returned':
      return may('repair')
    case 'disputed':
    case 'done':
    case 'verified':
      return may('outages')
    default:
      return false
  }
}

/** Steps that take a reason. */
export const needsNote = (step: Step): boolean => ['dispute', 'return', 'cancel', 'comment'].includes(step)
