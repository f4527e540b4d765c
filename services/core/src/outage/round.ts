/** What one recipient is told in one look at all outages: the decision of the teller, without its Record. */
import type { DistrictCode, OutageRow } from '@hub/contracts'
import { type Tellable, type Telling, type TellingPolicy, type ToldState, tellingOf } from './telling.ts'

export type Recipient = {
  least: OutageRow['importance']
  /** Only outages that touch these; absent: all. */
  districts?: readonly DistrictCode[] | undefined
}
export type RoundOutage = Tellable & { id: string; districts: readonly DistrictCode[] }
export type Due<T> = { outage: T; told: ToldState | null; telling: Telling }

export const ranks: Record<OutageRow['importance'], number> = { low: 0, normal: 1, high: 2 }
/** Things of one moment are told together: a recipient is not given two notices within this time. ms */
const gapMs = 60_000

export const wants = ({ least, districts }: Recipient, o: Pick<RoundOutage, 'importance' | 'districts'>): boolean =>
  ranks[o.importance] >= ranks[least] && (!districts || districts.some((district) => o.districts.includes(district)))

/**
 * Everything that is due makes one notice. Empty: none.
 * @param queuedAt when he was last sent something, tests aside @param flush a digest is due
 */
export function dueOf<T extends RoundOutage>(
  recipient: Recipient,
  outages: readonly T[],
  toldOf: (outage: T) => ToldState | null,
  { queuedAt, flush, now }: { queuedAt: number | null; flush: boolean; now: number },
  policy: TellingPolicy,
): Due<T>[] {
  if (!flush && queuedAt !== null && now - queuedAt < gapMs) return []
  const due: Due<T>[] = []
  for (const outage of outages) {
    const told = toldOf(outage)
    const telling = told || wants(recipient, outage) ? tellingOf(outage, told, now, policy) : null
    if (telling && (telling.when === 'now' || flush)) due.push({ outage, told, telling })
  }
  // What only was in a digest is said to be back in the next one; it is no reason for one.
  return due.every(({ told, telling }) => telling.what === 'healed' && told?.how === 'digest') ? [] : due
}

/** Whoever was told of an outage that went into another knows of that one too, unless it was the smaller part of it. */
export const isMostOf = (part: { members: number }, whole: { members: number }): boolean =>
  2 * part.members >= whole.members
