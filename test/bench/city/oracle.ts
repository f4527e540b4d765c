/** The oracle of the crash tests beside a running city: what was acknowledged is in the Record, and once. */
import { committed } from '../../e2e/support/evidence.ts'
import { createTwiceFinder, lostOf } from '../../e2e/support/nothing-lost.ts'
import type { Place } from './place.ts'

export type Acknowledged = {
  /** Batches in the Record so far. */
  batches: number
  /** Neither in a spool nor in the Record. */
  lost: number
  /** Batches and observations that the Record has more than once. */
  twice: number
}

/** @returns asks it; what was asked before is not read again */
export function createOracle(place: Pick<Place, 'spools' | 'data'>, say: (text: string) => void): () => Acknowledged {
  const twiceIn = createTwiceFinder()
  const names: { gateway: string; epoch: number; seq: number }[] = []
  let last = 0
  let twice = 0
  return () => {
    // The spools first: what is committed meanwhile is no loss.
    const spools = place.spools()
    const batches = committed(place.data, last)
    last = batches.at(-1)?.id ?? last
    for (const { gateway, epoch, seq } of batches) names.push({ gateway, epoch, seq })
    const again = twiceIn(batches)
    twice += again.length
    const lost = lostOf(spools, names)
    for (const [what, some] of [
      ['LOST', lost],
      ['TWICE', again],
    ] as const)
      if (some.length > 0)
        say(`${what}: ${some.slice(0, 5).join(', ')}${some.length > 5 ? ` and ${some.length - 5} more` : ''}`)
    return { batches: names.length, lost: lost.length, twice }
  }
}
