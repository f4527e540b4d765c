/** Episodes that may still move from outage to outage, and since when each is known. */
import { countedFrom } from './grounds.ts'
import type { CorrelationPolicy, Episode } from './types.ts'

export class Young implements Iterable<Episode> {
  readonly #policy: CorrelationPolicy
  readonly #episodes = new Set<Episode>()
  /** Since when more than silence is known of them. */
  readonly #resigned = new WeakMap<Episode, number>()

  constructor(policy: CorrelationPolicy) {
    this.#policy = policy
  }

  get size(): number {
    return this.#episodes.size
  }

  [Symbol.iterator](): Iterator<Episode> {
    return this.#episodes[Symbol.iterator]()
  }

  add(e: Episode): void {
    this.#episodes.add(e)
  }

  delete(e: Episode): void {
    this.#episodes.delete(e)
  }

  /** Its gateway is heard again and says what it is: explained afresh, with the onset that it had. */
  resign(e: Episode, at: number): void {
    this.#resigned.set(e, Math.max(e.from, at))
    this.#episodes.add(e)
  }

  /** A round of probes is under way: what did not fail says more with time. */
  isUnderWay(now: number): boolean {
    for (const e of this.#episodes) if (now - this.#knownAt(e) <= 2 * this.#span) return true
    return false
  }

  /** It may still be one of several that follow one another. */
  isNew(e: Episode, now: number): boolean {
    return e.outage === null || now - this.#knownAt(e) <= this.#policy.rollingGapMs + 2 * this.#span
  }

  /** An outage settles as a whole: while one of its episodes is young, all are. @param settled told of each that is no more */
  still(now: number, settled: (e: Episode) => void): Episode[] {
    const { horizonMs } = this.#policy
    const lively = new Set<string | null>()
    for (const e of this.#episodes) if (e.outage === null || now - this.#knownAt(e) <= horizonMs) lively.add(e.outage)
    for (const e of this.#episodes) {
      if (lively.has(e.outage)) continue
      this.#episodes.delete(e)
      settled(e)
    }
    return [...this.#episodes]
  }

  #knownAt(e: Episode): number {
    return this.#resigned.get(e) ?? countedFrom(e)
  }

  get #span(): number {
    return this.#policy.everyMs + this.#policy.confirmMs
  }
}
