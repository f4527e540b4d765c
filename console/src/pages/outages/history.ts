/** One story of what the correlation saw and what people did with it and with its work orders, newest first. Pure. */
import type { OutageChange, OutageStep, WorkOrder } from '@hub/contracts'

export type Moment =
  | { of: 'change'; at: number; change: OutageChange; times: number; since: number }
  | { of: 'step'; at: number; step: OutageStep }
  | { of: 'order'; at: number; order: WorkOrder; step: WorkOrder['steps'][number] }

/** An outage is started by its order, and closed before its orders are. */
const ranks: Record<Moment['of'], number> = { change: 0, step: 1, order: 2 }

/** Growth in several steps, with nothing between them, is one entry: the last, with how many there were. */
export function historyOf(
  changes: readonly OutageChange[],
  steps: readonly OutageStep[],
  orders: readonly WorkOrder[] = [],
): Moment[] {
  const moments: Moment[] = [
    ...changes.map((change): Moment => ({ of: 'change', at: change.at, change, times: 1, since: change.at })),
    ...steps.map((step): Moment => ({ of: 'step', at: step.at, step })),
    ...orders.flatMap((order) => order.steps.map((step): Moment => ({ of: 'order', at: step.at, order, step }))),
  ]
  // What was seen comes before what was done about it at the same instant.
  moments.sort((a, b) => a.at - b.at || ranks[a.of] - ranks[b.of])
  const merged: Moment[] = []
  for (const moment of moments) {
    const last = merged.at(-1)
    if (last && grew(last) && grew(moment))
      merged[merged.length - 1] = { ...moment, times: last.times + 1, since: last.since }
    else merged.push(moment)
  }
  return merged.reverse()
}

const grew = (moment: Moment): moment is Extract<Moment, { of: 'change' }> =>
  moment.of === 'change' && moment.change.change === 'grew'
