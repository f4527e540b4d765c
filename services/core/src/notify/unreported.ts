/** What came and went between two digests, and was told to nobody: one line of the digest that goes anyway. */
import type { OutageRow } from '@hub/contracts'
import { type DueOutage, type Recipient, ranks, wants } from './due.ts'
import { comesAndGoes } from './hold.ts'

export type UnreportedOutage = Pick<
  OutageRow,
  'id' | 'cause' | 'expected' | 'from' | 'to' | 'members' | 'importance' | 'silencedUntil'
> &
  Pick<DueOutage, 'districts'>
export type Unreported<T> = { count: number; worst: T; longest: T }

const lasted = ({ from, to }: UnreportedOutage): number => (to ?? from) - from
const worse = (a: UnreportedOutage, b: UnreportedOutage): boolean =>
  (ranks[a.importance] - ranks[b.importance] || a.members - b.members || lasted(a) - lasted(b)) > 0

/**
 * Null: nothing came and went. What flaps is not gone, and what a person silenced is not mentioned.
 * @param outages of which the recipient was told nothing
 */
export function unreportedOf<T extends UnreportedOutage>(
  recipient: Recipient,
  outages: readonly T[],
): Unreported<T> | null {
  let unreported: Unreported<T> | null = null
  for (const o of outages) {
    if (o.to === null || o.expected || o.silencedUntil !== null || comesAndGoes(o.cause)) continue
    if (!wants(recipient, o)) continue
    if (!unreported) {
      unreported = { count: 1, worst: o, longest: o }
      continue
    }
    unreported.count++
    if (worse(o, unreported.worst)) unreported.worst = o
    if (lasted(o) > lasted(unreported.longest)) unreported.longest = o
  }
  return unreported
}
