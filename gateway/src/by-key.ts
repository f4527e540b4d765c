/** Who says a key: as a rule one, so that one costs no list. */
export class ByKey<T> {
  readonly #map = new Map<string, T | T[]>()

  add(key: string, one: T): void {
    const before = this.#map.get(key)
    if (before === undefined) this.#map.set(key, one)
    else if (Array.isArray(before)) before.push(one)
    else this.#map.set(key, [before, one])
  }

  remove(key: string, one: T): void {
    const before = this.#map.get(key)
    if (before === one) this.#map.delete(key)
    else if (Array.isArray(before)) {
      const rest = before.filter((each) => each !== one)
      this.#map.set(key, rest.length === 1 ? rest[0]! : rest)
    }
  }

  all(key: string): readonly T[] {
    const found = this.#map.get(key)
    return found === undefined ? [] : Array.isArray(found) ? found : [found]
  }

  /** The last that was added of those that say it. */
  last(key: string): T | undefined {
    const found = this.#map.get(key)
    return Array.isArray(found) ? found.at(-1) : found
  }

  /** Undefined also where several say it. */
  single(key: string): T | undefined {
    const found = this.#map.get(key)
    return Array.isArray(found) ? undefined : found
  }
}
