/** Whether anybody is told of an outage, and when: late enough to be sure, early enough to act, once. */
import type { CauseKind, OutageRow } from '@hub/contracts'
import { minuteMs } from '../common/time/units.ts'
import type { CorrelatedOutage } from '../outages/types.ts'

export type HoldPolicy = {
  /** A cause behind which several failed is told so long after its onset: what belongs to it has mostly been seen by then. ms */
  groupHoldMs: number
  /** A device that failed by itself is told only after so long: most reboot. ms */
  deviceHoldMs: number
  /** From so many devices on, or of several when it is of high importance, it is told of by itself; the rest waits for the digest. */
  leastMembers: number
}

export const defaultHoldPolicy: HoldPolicy = { groupHoldMs: minuteMs, deviceHoldMs: 5 * minuteMs, leastMembers: 5 }

const lone: readonly CauseKind[] = ['device', 'flapping']

/** A device that failed by itself: it waits for the digest. */
export const isLone = ({ kind }: Pick<CorrelatedOutage['cause'], 'kind'>): boolean => lone.includes(kind)

/** That nobody is out just now says nothing: it comes and goes. */
export const comesAndGoes = ({ kind, mode }: CorrelatedOutage['cause']): boolean =>
  kind === 'flapping' || mode === 'unstable'

export type HeldOutage = Pick<CorrelatedOutage, 'cause'> & {
  expected: boolean
  from: number
  /** The end of the last ground on which it was expected. */
  countsFrom: number | null
  silencedUntil: number | null
  to: number | null
  members: number
  importance: OutageRow['importance']
}

/** It waits for the digest. */
const small = ({ cause, members, importance }: HeldOutage, { leastMembers }: HoldPolicy): boolean =>
  isLone(cause) || members < (importance === 'high' ? 2 : leastMembers)

/** When the last thing ended that kept it from being told. */
export const keptUntil = ({ countsFrom, silencedUntil }: Pick<HeldOutage, 'countsFrom' | 'silencedUntil'>): number =>
  Math.max(countsFrom ?? Number.NEGATIVE_INFINITY, silencedUntil ?? Number.NEGATIVE_INFINITY)

/** When it has lasted long enough to be told of: since its onset, and since nothing keeps it from being told. */
export const sureAt = (o: HeldOutage, policy: HoldPolicy): number =>
  Math.max(o.from, keptUntil(o)) + (small(o, policy) ? policy.deviceHoldMs : policy.groupHoldMs)

/**
 * - `now`: tell at once. `digest`: it is real, and goes into the next collective notification. `wait`: not sure yet. `never`: it was
 *   expected, or is over before anyone had to be told.
 */
export function holdOf(o: HeldOutage, now: number, policy: HoldPolicy): 'now' | 'digest' | 'wait' | 'never' {
  if (o.expected) return 'never'
  const sure = sureAt(o, policy)
  if (o.to !== null && !comesAndGoes(o.cause) && (small(o, policy) || o.to < sure)) return 'never'
  if (now < sure) return o.to === null ? 'wait' : 'never'
  return small(o, policy) ? 'digest' : 'now'
}
