/**
 * How long what gateways said is kept: as long as it can be disputed. Pure. A month's figures are settled some days after its end, when its
 * spools are in, and may be disputed for some time from then on; until that is over nothing of the month is deleted, and what comes
 * late for it is taken in.
 */
import { monthOf, monthSpan } from '../common/time/city.ts'
import { dayMs } from '../common/time/units.ts'

export type KeepPolicy = {
  /** A month is settled so many days after its end. */
  settleDays: number
  /** It may be disputed for so many days from then on. */
  disputeDays: number
  /** Raw observations are kept for exactly so many days, whatever the months say. */
  rawDays?: number | undefined
}

/** Observations made at or after this instant are kept, and taken in however late they come. */
export function rawKeptFrom({ settleDays, disputeDays, rawDays }: KeepPolicy, now: number): number {
  if (rawDays !== undefined) return now - rawDays * dayMs
  return startOfMonth(now - (settleDays + disputeDays) * dayMs)
}

/** What was made before this instant is of months that are settled. */
export const settledUntil = ({ settleDays }: Pick<KeepPolicy, 'settleDays'>, now: number): number =>
  startOfMonth(now - settleDays * dayMs)

const startOfMonth = (at: number): number => monthSpan(monthOf(at)).from
