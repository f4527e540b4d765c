/** Subscription slots: a bounded number of them, and who waits for one, first come first served. */
export class Slots<T> {
  readonly #most: number
  readonly #taken = new Set<T>()
  readonly #queue = new Set<T>()

  constructor(most: number) {
    this.#most = most
  }

  get waiting(): number {
    return this.#queue.size
  }

  has(one: T): boolean {
    return this.#taken.has(one)
  }

  /** Gives a slot where there is one; else the one waits for it. */
  take(one: T): boolean {
    if (this.#taken.has(one)) return true
    if (this.#taken.size >= this.#most) {
      this.#queue.add(one)
      return false
    }
    this.#queue.delete(one)
    this.#taken.add(one)
    return true
  }

  /** Gives the slot back, or stops waiting. Returns who has the slot now. */
  release(one: T): T | undefined {
    this.#queue.delete(one)
    if (!this.#taken.delete(one)) return undefined
    const [next] = this.#queue
    if (next !== undefined) this.take(next)
    return next
  }
}
