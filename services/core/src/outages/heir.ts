/** Which outage goes on when its failures are explained anew. */
import type { Ledger } from './ledger.ts'
import type { Cause, CorrelatedOutage } from './types.ts'

/** The outage that most of the episodes are in, and how many of them. */
type Largest = [id: string, going: number] | undefined

/** The outage that most of the episodes are in goes on under their cause, unless most of its own stay behind. */
export function heirOf(ledger: Ledger, largest: Largest, cause: Cause): CorrelatedOutage | undefined {
  const outage = largest && ledger.get(largest[0])
  if (!outage) return undefined
  const { episodes } = ledger.tally(outage)
  // What a gateway could not see is one trouble, what it sees now is another.
  const least = outage.cause.kind === 'gateway' && cause.kind !== 'gateway' ? episodes : episodes / 2
  return largest[1] >= least ? outage : undefined
}

/** An area and a moment are named by their members: as these grow, the name stays. */
export function sameMoment(ledger: Ledger, cause: Cause, largest: Largest): Cause {
  const before = largest && ledger.get(largest[0])
  const named = cause.kind === 'moment' || (cause.kind === 'place' && cause.key.includes('/'))
  if (!named || before?.cause.kind !== cause.kind || before.cause.mode !== cause.mode) return cause
  return 2 * largest![1] >= ledger.tally(before).episodes ? before.cause : cause
}
