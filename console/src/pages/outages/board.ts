/** The outage board: its groups, its keys, and what a viewer may do. Pure. */
import type { OutageAction, OutageRow, OutageStatus } from '@hub/contracts'
import { moveOutage } from '@hub/core'

const statusOrder: readonly OutageStatus[] = ['open', 'acknowledged', 'in-progress', 'resolved', 'closed']

export type BoardGroup = { status: OutageStatus; rows: OutageRow[]; down: number }

/** What waits for a person stands first. Within a group the hub's order (wide before narrow, old before new) is kept. */
export const groupsOf = (rows: readonly OutageRow[]): BoardGroup[] =>
  statusOrder.flatMap((status) => {
    const of = rows.filter((row) => row.status === status)
    return of.length ? [{ status, rows: of, down: of.reduce((sum, { down }) => sum + down, 0) }] : []
  })

/** How many rows a page key moves. */
const page = 10

export type BoardKey =
  | { do: 'move'; by: number }
  | { do: 'open' | 'assign' | 'help' }
  | { do: 'step'; step: 'acknowledge' | 'start' }

export const boardKeys: Readonly<Record<string, BoardKey>> = {
  ArrowDown: { do: 'move', by: 1 },
  ArrowUp: { do: 'move', by: -1 },
  j: { do: 'move', by: 1 },
  k: { do: 'move', by: -1 },
  PageDown: { do: 'move', by: page },
  PageUp: { do: 'move', by: -page },
  Home: { do: 'move', by: Number.NEGATIVE_INFINITY },
  End: { do: 'move', by: Number.POSITIVE_INFINITY },
  Enter: { do: 'open' },
  a: { do: 'step', step: 'acknowledge' },
  s: { do: 'step', step: 'start' },
  e: { do: 'assign' },
  '?': { do: 'help' },
}

/** The row that a movement leads to; the first when none is chosen yet. */
export function moved(ids: readonly string[], chosen: string | null, by: number): string | null {
  const at = chosen === null ? -1 : ids.indexOf(chosen)
  const to = at < 0 ? (by === Number.POSITIVE_INFINITY ? ids.length - 1 : 0) : at + by
  return ids[Math.max(0, Math.min(ids.length - 1, to))] ?? null
}

type Step = OutageAction['step']
export type Action = { step: Step; waits: boolean }
const actionOrder: readonly Step[] = ['acknowledge', 'start', 'resolve', 'close', 'reopen', 'assign', 'silence']

/** Steps that a person may be offered now. One that waits for the devices to be back, or comes too late, is shown, but cannot be taken. */
export const actionsOf = ({ status, down }: Pick<OutageRow, 'status' | 'down'>, tooLate = false): Action[] =>
  actionOrder.flatMap((step): Action[] => {
    if (isLegal({ status, down }, step)) return [{ step, waits: step === 'reopen' && tooLate }]
    // An open one is not offered a step that it has still to earn.
    return step === 'resolve' && status === 'in-progress' ? [{ step, waits: true }] : []
  })

export const isLegal = ({ status, down }: Pick<OutageRow, 'status' | 'down'>, step: Step): boolean =>
  moveOutage(status, step, down).ok
