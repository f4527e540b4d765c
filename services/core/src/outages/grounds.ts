/**
 * On what ground a failure is expected: an approved exemption, which is what maintenance is too. Judged at its onset, and again whenever
 * such a ground begins or ends, for a flag that is set once would hold for ever. A ground that has ended moves no onset; but holding,
 * telling and escalating count from then, as if the failure had begun there.
 */

import type { Span } from '../common/time/span.ts'
import { minuteMs } from '../common/time/units.ts'
import type { Claim } from '../uptime/adjustment/claims.ts'
import { windowsOf } from '../uptime/adjustment/windows.ts'
import type { CorrelatedOutage, Episode } from './types.ts'

export type Judgement = Pick<Episode, 'expected' | 'countsFrom'>

/** A crew that begins before its window: what fails so shortly before it belongs to it. ms */
const earlyMs = 15 * minuteMs

/** From when a failure counts: its onset, or the end of the last ground. */
export const countedFrom = ({ from, countsFrom }: Pick<Episode, 'from' | 'countsFrom'>): number =>
  countsFrom === null ? from : Math.max(from, countsFrom)

/**
 * What is expected stays so while any ground holds. What is not becomes so by one that holds since its onset without a gap, or was
 * granted later; a window that comes back every night does not explain what was dead before it.
 * @param claims on time of the device from `countedFrom` up to and with `now`
 */
export function judgeFailure(
  { from, expected, countsFrom }: Judgement & Pick<Episode, 'from'>,
  claims: readonly Claim[],
  now: number,
): Judgement {
  const exempt = claims.filter(({ countAs }) => countAs === 'exempt')
  const holding = exempt.filter((claim) => claim.from <= now && now < claim.to)
  if (expected) return holding.length > 0 ? { expected, countsFrom } : { expected: false, countsFrom: now }
  const since = countedFrom({ from, countsFrom })
  const until = heldUntil(exempt, since)
  if (until > now || holding.some(({ decidedAt }) => decidedAt > since)) return { expected: true, countsFrom }
  return { expected: false, countsFrom: until > since ? until : countsFrom }
}

/** The end of the unbroken exempt time that began at that time, or soon after; the time itself when there is none. */
function heldUntil(exempt: readonly Claim[], at: number): number {
  let until = at
  for (let latest = at + earlyMs; ; latest = until) {
    const next = exempt.filter(({ from, to }) => from <= latest && to > until)
    if (next.length === 0) return until
    until = Math.max(...next.map(({ to }) => to))
  }
}

/** When one of these begins or ends for the first time within the stretch; its end when none does. */
export function nextEdge(adjustments: readonly Parameters<typeof windowsOf>[0][], within: Span): number {
  let next = within.to
  for (const adjustment of adjustments)
    for (const { from, to } of windowsOf(adjustment, within))
      for (const edge of [from, to]) if (edge > within.from && edge < next) next = edge
  return next
}

/** When all is that is still out; of one that is over all that was. One device of which nobody said that it would be out has to be told. */
export function isExpected({ episodes }: Pick<CorrelatedOutage, 'episodes'>): boolean {
  const out = episodes.filter(({ to }) => to === null)
  const counted = out.length > 0 ? out : episodes
  return counted.every(({ expected }) => expected)
}

/** When the first of it counts that is not expected. Null: from the onset. */
export function countsFromOf({ episodes }: Pick<CorrelatedOutage, 'episodes'>): number | null {
  let [onset, counted] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const e of episodes) {
    onset = Math.min(onset, e.from)
    if (!e.expected) counted = Math.min(counted, countedFrom(e))
  }
  return counted > onset && counted < Number.POSITIVE_INFINITY ? counted : null
}
