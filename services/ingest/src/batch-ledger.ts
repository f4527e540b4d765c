/**
 * Which batches are already on disk: for each spool `(gateway, epoch)` the received sequence numbers as ranges. They are
 * few, because a spool numbers without gaps: a range ends only where live data overtook a backlog. The raw batches may be
 * deleted; the ledger never forgets a name.
 */
import type { BatchName } from './decode.ts'

/** Both ends included, in order, never touching one another. */
export type Range = [first: number, last: number]

/** Adds a number in place. @returns false when it was there already. */
export function addToRanges(ranges: Range[], seq: number): boolean {
  const low = firstReaching(ranges, seq)
  const next = ranges[low]
  if (next && next[0] <= seq) return false
  const before = ranges[low - 1]
  const joinsBefore = before !== undefined && before[1] === seq - 1
  const joinsNext = next !== undefined && next[0] === seq + 1
  if (joinsBefore && joinsNext) {
    before[1] = next[1]
    ranges.splice(low, 1)
  } else if (joinsBefore) before[1] = seq
  else if (joinsNext) next[0] = seq
  else ranges.splice(low, 0, [seq, seq])
  return true
}

function isInRanges(ranges: readonly Range[], seq: number): boolean {
  const next = ranges[firstReaching(ranges, seq)]
  return next !== undefined && next[0] <= seq
}

/** The index of the first range that ends at or after `seq`. */
function firstReaching(ranges: readonly Range[], seq: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ranges[middle]![1] < seq) low = middle + 1
    else high = middle
  }
  return low
}

export class Ledger {
  readonly #spools = new Map<string, Range[]>()
  readonly #changed = new Set<string>()

  /** @returns false when the batch was known. */
  add(gateway: string, { epoch, seq }: BatchName): boolean {
    const spool = `${gateway}:${epoch}`
    let ranges = this.#spools.get(spool)
    if (!ranges) {
      ranges = []
      this.#spools.set(spool, ranges)
    }
    if (!addToRanges(ranges, seq)) return false
    this.#changed.add(spool)
    return true
  }

  has(gateway: string, { epoch, seq }: BatchName): boolean {
    const ranges = this.#spools.get(`${gateway}:${epoch}`)
    return ranges !== undefined && isInRanges(ranges, seq)
  }

  load(spool: string, ranges: Range[]): void {
    this.#spools.set(spool, ranges)
  }

  /** Whether there is something to be written down. */
  get hasChanged(): boolean {
    return this.#changed.size > 0
  }

  /** Spools changed since the last call, to be written down. */
  takeChanged(): { spool: string; ranges: Range[] }[] {
    const changed = [...this.#changed].map((spool) => ({ spool, ranges: this.#spools.get(spool)! }))
    this.#changed.clear()
    return changed
  }
}
