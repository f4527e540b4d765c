/** A bounded number of places, and who waits for one, first come first served. */
export class Places<T> {
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

  /** Gives a place where there is one; else it waits its turn. */
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

  /** Gives the place back, or the turn up. Returns who has the place now. */
  leave(one: T): T | undefined {
    this.#queue.delete(one)
    if (!this.#taken.delete(one)) return undefined
    const [next] = this.#queue
    if (next !== undefined) this.take(next)
    return next
  }
}
