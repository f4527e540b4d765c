/** Whether anybody is told of an outage, and when: late enough to be sure, early enough to act, once. */
import type { CauseKind, OutageRow } from '@hub/contracts'
import type { CorrelatedOutage } from './types.ts'

export type NoticePolicy = {
  /** A cause behind which several failed is told so long after its onset: what belongs to it has mostly been seen by then. ms */
  groupHoldMs: number
  /** A device that failed by itself is told only after so long: most reboot. ms */
  deviceHoldMs: number
  /** From so many devices on, or of several when it is of high importance, it is told of by itself; the rest waits for the digest. */
  leastMembers: number
}

export const defaultNoticePolicy: NoticePolicy = { groupHoldMs: 60_000, deviceHoldMs: 300_000, leastMembers: 5 }

const lone: readonly CauseKind[] = ['device', 'flapping']

export type Noticed = Pick<CorrelatedOutage, 'cause'> & {
  expected: boolean
  from: number
  to: number | null
  members: number
  importance: OutageRow['importance']
}

/** It waits for the digest. */
const small = ({ cause, members, importance }: Noticed, { leastMembers }: NoticePolicy): boolean =>
  lone.includes(cause.kind) || members < (importance === 'high' ? 2 : leastMembers)

/** When it has lasted long enough to be told of. */
export const sureAt = (o: Noticed, policy: NoticePolicy): number =>
  o.from + (small(o, policy) ? policy.deviceHoldMs : policy.groupHoldMs)

/**
 * - `now`: tell at once. `digest`: it is real, and goes into the next collective notice. `wait`: not sure yet. `never`: it was
 *   expected, or is over before anyone had to be told.
 */
export function noticeOf(o: Noticed, now: number, policy: NoticePolicy): 'now' | 'digest' | 'wait' | 'never' {
  if (o.expected) return 'never'
  const sure = sureAt(o, policy)
  if (o.to !== null && o.cause.kind !== 'flapping' && (small(o, policy) || o.to < sure)) return 'never'
  if (now < sure) return o.to === null ? 'wait' : 'never'
  return small(o, policy) ? 'digest' : 'now'
}
