/** When a month may be locked: it is over, its data has come or is named as missing, and the card is what the data says. */
import type { Scorecard, ScorecardLock } from '@hub/contracts'
import { monthSpan } from '../common/time/city.ts'
import { differences } from './versions.ts'

export type LockRule = Pick<ScorecardLock, 'graceMs' | 'provenance'>

/** A gateway that serves the subject, and when its spool was last known to be empty. */
export type SpoolState = ScorecardLock['unaccounted'][number]

/** A gateway whose spool was empty after the end of the month has delivered all of it. */
export function lockOf(
  month: string,
  gateways: readonly SpoolState[],
  { graceMs, provenance }: LockRule,
): ScorecardLock {
  const { to } = monthSpan(month)
  return {
    notBefore: to + graceMs,
    graceMs,
    provenance,
    unaccounted: gateways.filter(({ drainedAt }) => drainedAt === null || drainedAt < to),
  }
}

/**
 * What the data of the month says otherwise than a card: time, devices, and what was counted or stated of items. Pictures and records are known
 * as of now only, and rules are those of their time: what they make of it now is no news of that month.
 */
export const restated = (was: Scorecard, now: Scorecard): Scorecard['differences'] =>
  differences(was, now).filter(({ field }) => ofTheMonth.test(field))

const ofTheMonth =
  /^(devices|totals\.\w+|lines\.(online|recording|repair|documents)\.(value|numerator|denominator|basis))$/
