/**
 * How long what gateways said is kept: as long as it can be disputed. Pure. A month is settled when it is locked, or some days after its end
 * where nobody has locked it, when its spools are in; it may be disputed for some time from then on. Until that is over nothing of the month is
 * deleted, and what comes late for it is taken in.
 */
import { monthOf, monthSpan } from '../common/time/city.ts'
import { dayMs, hourMs } from '../common/time/units.ts'

export type KeepPolicy = {
  /** A month that nobody has locked is settled so many days after its end. */
  settleDays: number
  /** It may be disputed for so many days from then on. */
  disputeDays: number
  /** Raw observations are kept for exactly so many days, whatever the months say. */
  rawDays?: number | undefined
}

/** When a month was locked, by its name; without those that nobody has locked whole. */
export type MonthLocks = ReadonlyMap<string, number>

/** A card of a month, and when its first version was sealed; null: not yet. */
export type SealedCard = { month: string; kind: string; subject: string; sealedAt: number | null }

/** A month is locked when the cards that carriers are paid by all are; where there are none of carriers, those of districts. A later version of a card moves nothing. */
export function monthLocks(cards: readonly SealedCard[]): MonthLocks {
  const locks = new Map<string, number>()
  for (const [month, all] of Map.groupBy(cards, (card) => card.month)) {
    const carriers = all.filter(({ kind }) => kind === 'carrier')
    const first = [...Map.groupBy(carriers.length > 0 ? carriers : all, ({ subject }) => subject).values()].map(
      (versions) => Math.min(...versions.map(({ sealedAt }) => sealedAt ?? Number.POSITIVE_INFINITY)),
    )
    const at = Math.max(...first)
    if (Number.isFinite(at)) locks.set(month, at)
  }
  return locks
}

const noLocks: MonthLocks = new Map()

/** Observations made at or after this instant are kept, and taken in however late they come. It never goes back. */
export function rawKeptFrom(policy: KeepPolicy, now: number, locks = noLocks): number {
  const { settleDays, disputeDays, rawDays } = policy
  if (rawDays !== undefined) return now - rawDays * dayMs
  const goesAt = (month: string): number => {
    const byTime = monthSpan(month).to + (settleDays + disputeDays) * dayMs
    const lockedAt = locks.get(month)
    // Who locks when all has gone brings nothing back.
    return lockedAt === undefined || lockedAt > byTime ? byTime : lockedAt + disputeDays * dayMs
  }
  // No month is kept for longer than this, however late it was locked.
  let from = startOfMonth(now - (settleDays + 2 * disputeDays) * dayMs)
  while (from < startOfMonth(now) && goesAt(monthOf(from)) <= now) from = monthSpan(monthOf(from)).to
  return from
}

/** What was made before this instant is of months that are settled. */
export function settledUntil({ settleDays }: Pick<KeepPolicy, 'settleDays'>, now: number, locks = noLocks): number {
  let until = startOfMonth(now - settleDays * dayMs)
  while (locks.has(monthOf(until)) && monthSpan(monthOf(until)).to <= now) until = monthSpan(monthOf(until)).to
  return until
}

/** So long the digests of a month that nobody locks are kept after its end: a pack that is made later names hours. */
const unlockedDays = 120

/**
 * Digests of batches that came before this instant are in the packs of their months, or nobody will make those any more; and what they are
 * digests of has gone.
 */
export function digestsKeptFrom(policy: KeepPolicy, now: number, locks = noLocks): number {
  let from = rawKeptFrom(policy, now, locks)
  const oldest = now - unlockedDays * dayMs
  for (let at = from; ; ) {
    const { from: begin, to: end } = monthSpan(monthOf(at - 1))
    if (end <= oldest) break
    if (!locks.has(monthOf(begin))) from = begin
    at = begin
  }
  // The clock of a gateway may run ahead: its last batch of a month may tell of the next.
  return from - hourMs
}

const startOfMonth = (at: number): number => monthSpan(monthOf(at)).from
