/**
 * What the intervals of a device must be, said as plainly as possible and without a line of the hub's own rules: the state at
 * each instant at which it can change, then equal neighbours joined.
 */
import type { Observation } from '@hub/contracts'

export type PlainInterval = { from: number; to: number | null; state: string }

const stateOf = { pass: 'up', degraded: 'degraded', fail: 'down', blind: 'unknown' } as const
/** The default policy: looks in a row that are believed, and missed looks after which evidence is stale. */
const needed = { up: 1, degraded: 2, down: 3, unknown: 1 }
const staleAfter = 3
/** A period is held to two digits, rounded up. */
const held = (every: number): number => {
  const zeros = 10 ** Math.max(0, String(every).length - 2)
  return Math.ceil(every / zeros) * zeros
}

/** That no data had come by an instant is disproved by a sample of that instant, which came later. */
const heard = (looks: readonly Observation[]): Observation[] => {
  const told = new Set(looks.filter(({ reason }) => reason !== 'no-data').map(({ at }) => at))
  return looks.filter(({ at, reason }) => reason !== 'no-data' || !told.has(at))
}

/** @param looks all looks ever taken, in any order, no two of one instant but for that; the last one is fresh still */
export function expectedIntervals(looks: readonly Observation[]): PlainInterval[] {
  const ordered = heard(looks).toSorted((a, b) => a.at - b.at)
  const staleAt = (look: Observation) => look.at + staleAfter * held(look.every)
  const changes: { at: number; state: string }[] = []
  for (const [i, look] of ordered.entries()) {
    const before = ordered[i - 1]
    if (before && staleAt(before) < look.at) changes.push({ at: staleAt(before), state: 'unknown' })
    const state = stateOf[look.verdict]
    const row = ordered.slice(i, i + needed[state])
    const inARow = row.every((one, n) => n === 0 || one.at <= staleAt(row[n - 1]!))
    if (row.length === needed[state] && inARow && row.every((one) => stateOf[one.verdict] === state))
      changes.push({ at: look.at, state })
  }
  const kept = changes.filter((change, i) => i === 0 || change.state !== changes[i - 1]!.state)
  return kept.map(({ at, state }, i) => ({ from: at, to: kept[i + 1]?.at ?? null, state }))
}
