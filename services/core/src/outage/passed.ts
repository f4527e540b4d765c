/** What came and went between two digests, and was told to nobody: one line of the digest that goes anyway. */
import type { OutageRow } from '@hub/contracts'
import { type Recipient, type RoundOutage, ranks, wants } from './round.ts'

export type PassedOutage = Pick<
  OutageRow,
  'id' | 'cause' | 'expected' | 'from' | 'to' | 'members' | 'importance' | 'silencedUntil'
> &
  Pick<RoundOutage, 'districts'>
export type Passed<T> = { count: number; worst: T; longest: T }

const lasted = ({ from, to }: PassedOutage): number => (to ?? from) - from
const worse = (a: PassedOutage, b: PassedOutage): boolean =>
  (ranks[a.importance] - ranks[b.importance] || a.members - b.members || lasted(a) - lasted(b)) > 0

/**
 * Null: nothing came and went. What flaps is not gone, and what a person silenced is not mentioned.
 * @param outages of which the recipient was told nothing
 */
export function passedOf<T extends PassedOutage>(recipient: Recipient, outages: readonly T[]): Passed<T> | null {
  let passed: Passed<T> | null = null
  for (const o of outages) {
    if (o.to === null || o.expected || o.silencedUntil !== null || o.cause.kind === 'flapping') continue
    if (!wants(recipient, o)) continue
    if (!passed) {
      passed = { count: 1, worst: o, longest: o }
      continue
    }
    passed.count++
    if (worse(o, passed.worst)) passed.worst = o
    if (lasted(o) > lasted(passed.longest)) passed.longest = o
  }
  return passed
}
