/** The colour of a limit of time: the one rule of yellow and red, for work orders and incidents alike. */
import type { WorkOrder } from '@hub/contracts'
import type { Span } from './span.ts'

/** Share of the time to a limit after which it is near. */
export type LimitShare = { yellowShare: number }

/** From when on a limit is near. */
export const nearFrom = ({ from, to }: Span, { yellowShare }: LimitShare): number => from + yellowShare * (to - from)

/** 黄牌 near the limit, 红牌 past it; at the very end of the span it still holds. */
export function limitColour(span: Span, at: number, share: LimitShare): WorkOrder['overtime'] {
  if (at > span.to) return 'red'
  return at >= nearFrom(span, share) ? 'yellow' : 'none'
}
