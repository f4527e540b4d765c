/** What one recipient is told at one moment of all outages: what the notifier decides, without its Record. */
import type { DistrictCode, OutageRow } from '@hub/contracts'
import { minuteMs } from '../common/time/units.ts'
import {
  decisionOf,
  type KnownState,
  type NotifiableOutage,
  type NotificationDecision,
  type NotificationPolicy,
} from './decision.ts'

export type Recipient = {
  least: OutageRow['importance']
  /** Only outages that touch these; absent: all. */
  districts?: readonly DistrictCode[] | undefined
}
export type DueOutage = NotifiableOutage & { id: string; districts: readonly DistrictCode[] }
export type Due<T> = { outage: T; known: KnownState | null; decision: NotificationDecision }

export const ranks: Record<OutageRow['importance'], number> = { low: 0, normal: 1, high: 2 }
/** Things of one moment are told together: a recipient is not given two notifications within this time. ms */
const gapMs = minuteMs

export const wants = ({ least, districts }: Recipient, o: Pick<DueOutage, 'importance' | 'districts'>): boolean =>
  ranks[o.importance] >= ranks[least] && (!districts || districts.some((district) => o.districts.includes(district)))

/**
 * Everything that is due makes one notification. Empty: none.
 * @param queuedAt when he was last sent something, tests aside @param flush a digest is due
 */
export function dueOf<T extends DueOutage>(
  recipient: Recipient,
  outages: readonly T[],
  knownOf: (outage: T) => KnownState | null,
  { queuedAt, flush, now }: { queuedAt: number | null; flush: boolean; now: number },
  policy: NotificationPolicy,
): Due<T>[] {
  if (!flush && queuedAt !== null && now - queuedAt < gapMs) return []
  const due: Due<T>[] = []
  for (const outage of outages) {
    const known = knownOf(outage)
    const decision = known || wants(recipient, outage) ? decisionOf(outage, known, now, policy) : null
    if (decision && (decision.when === 'now' || flush)) due.push({ outage, known, decision })
  }
  // What only was in a digest is said to be back in the next one; it is no reason for one.
  return due.every(({ known, decision }) => decision.what === 'resolved' && known?.how === 'digest') ? [] : due
}

/** Whoever was told of an outage that went into another knows of that one too, unless it was the smaller part of it. */
export const isMostOf = (part: { members: number }, whole: { members: number }): boolean =>
  2 * part.members >= whole.members
