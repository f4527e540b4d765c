/** Which rows of another room have changed since a copy of them was last read. However many messages say so, they are read once. */
export class ChangedIds {
  #ids = new Set<string>()
  #any = false

  /** @param ids null: it may be any */
  add(ids: Iterable<string> | null): void {
    if (ids === null) {
      this.#any = true
      this.#ids.clear()
    } else if (!this.#any) for (const id of ids) this.#ids.add(id)
  }

  /** All that has been added since the last call: the ids, or null for any. Undefined when there is nothing. */
  take(): string[] | null | undefined {
    if (this.#any) {
      this.#any = false
      return null
    }
    if (this.#ids.size === 0) return undefined
    const ids = [...this.#ids]
    this.#ids.clear()
    return ids
  }
}

/** Rows of one `in` list. */
const atOnce = 500

/** In lists that one statement may name. */
export function* inLists(ids: readonly string[]): Generator<string[]> {
  for (let i = 0; i < ids.length; i += atOnce) yield ids.slice(i, i + atOnce)
}
