/** What the centre is told of, by key, with the sums of its digest kept as it changes. */
import { addHash, bucketOf, digestText, hashText, inventoryBuckets, removeHash } from '@hub/core'

type Entry<T> = { item: T; hash: number }

export class Digested<T> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #totals = Array<number>(inventoryBuckets).fill(0)
  readonly #hashOf: (item: T) => number

  constructor(hashOf: (item: T) => number) {
    this.#hashOf = hashOf
  }

  get size(): number {
    return this.#entries.size
  }
  has(key: string): boolean {
    return this.#entries.has(key)
  }
  get(key: string): T | undefined {
    return this.#entries.get(key)?.item
  }
  entries(): Iterable<[string, Entry<T>]> {
    return this.#entries
  }

  /** @returns whether it is another than before: what the hash leaves out may have changed all the same */
  set(key: string, item: T): boolean {
    const hash = this.#hashOf(item)
    const before = this.#entries.get(key)
    this.#entries.set(key, { item, hash })
    if (before?.hash === hash) return false
    if (before) this.#subtract(before.hash)
    const bucket = bucketOf(hash)
    this.#totals[bucket] = addHash(this.#totals[bucket]!, hash)
    return true
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#subtract(entry.hash)
  }

  digest(): string {
    return digestText(this.#totals)
  }

  /** The keys of what is in these buckets and not among what is held of them elsewhere. One walk over everything. */
  lackingIn(buckets: readonly { bucket: number; held: readonly string[] }[]): string[] {
    if (buckets.length === 0) return []
    const held = new Map(buckets.map((each) => [each.bucket, new Set(each.held)]))
    const lacking: string[] = []
    for (const [key, { hash }] of this.#entries)
      if (held.get(bucketOf(hash))?.has(hashText(hash)) === false) lacking.push(key)
    return lacking
  }

  #subtract(hash: number): void {
    const bucket = bucketOf(hash)
    this.#totals[bucket] = removeHash(this.#totals[bucket]!, hash)
  }
}
