/** The due time of a device row by row: what the evidence said of it and what it counts as. The rows add up to `accountAdjusted`. */
import type { CountedState } from '@hub/contracts'
import type { Timed } from '../../common/time/account.ts'
import type { Span } from '../../common/time/span.ts'
import { type Claim, overridesOf } from './claims.ts'

/** `interval`: null where there is none, which is unknown. `claimed`: an exemption or correction counts, not the evidence. */
export type Stretch<T extends Timed> = Span & { interval: T | null; countAs: CountedState; claimed: boolean }

/** @param intervals ascending and apart; an open one lasts to the end of what is due */
export function stretchesOf<T extends Timed>(
  intervals: readonly T[],
  due: Span,
  claims: readonly Claim[],
): Stretch<T>[] {
  const overrides = overridesOf(claims, due)
  const stretches: Stretch<T>[] = []
  const put = (from: number, to: number, interval: T | null) => {
    let at = from
    for (const override of overrides) {
      if (override.to <= at || override.from >= to) continue
      if (at < override.from)
        stretches.push({ from: at, to: override.from, interval, countAs: countOf(interval), claimed: false })
      const begin = Math.max(at, override.from)
      at = Math.min(to, override.to)
      stretches.push({ from: begin, to: at, interval, countAs: override.countAs, claimed: true })
    }
    if (at < to) stretches.push({ from: at, to, interval, countAs: countOf(interval), claimed: false })
  }
  let at = due.from
  for (const interval of intervals) {
    const [from, to] = [Math.max(interval.from, due.from), Math.min(interval.to ?? due.to, due.to)]
    if (from >= to) continue
    if (at < from) put(at, from, null)
    put(from, to, interval)
    at = to
  }
  if (at < due.to) put(at, due.to, null)
  return stretches
}

const countOf = (interval: Timed | null): CountedState =>
  interval === null || interval.state === 'unknown' ? 'unknown' : interval.state === 'down' ? 'down' : 'up'
