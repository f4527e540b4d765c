/** Time added up by bucket and group. */
import type { Totals } from '@hub/core'

const separator = '\u0000'

export class Tally {
  readonly #groups: Map<string, Totals>[]

  constructor(buckets: number) {
    this.#groups = Array.from({ length: buckets }, () => new Map())
  }

  add(bucket: number, key: readonly string[], up: number, down: number, unknown: number, exempt: number): void {
    const name = key.length === 1 ? key[0]! : key.join(separator)
    const groups = this.#groups[bucket]!
    const there = groups.get(name)
    if (there) {
      there.up += up
      there.down += down
      there.unknown += unknown
      there.exempt += exempt
    } else groups.set(name, { up, down, unknown, exempt })
  }

  of(bucket: number, key: readonly string[]): Totals {
    return this.#groups[bucket]!.get(key.join(separator)) ?? { up: 0, down: 0, unknown: 0, exempt: 0 }
  }
}
