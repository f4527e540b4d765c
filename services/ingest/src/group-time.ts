/**
 * How long one transaction may take in batches, so that it holds the thread no longer than `mostMs` with all that follows from them (rows
 * of changed devices, late observations). That share is not known before, so it is learned: shorter at once, longer step by step.
 */
const mostMs = 50
/** With less, most of a transaction would be its own beginning and end. */
const least = 10
const [longest, step] = [30, 2]

/** Work of this thread, ms: on a machine that others use time goes by without any, and groups must not shrink for that. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

export class GroupTime {
  #ms = longest

  /** For the next transaction. */
  get ms(): number {
    return this.#ms
  }

  /** @param held work of the last one, ms */
  observe(held: number): void {
    const next = held > mostMs ? (this.#ms * mostMs) / held : this.#ms + step
    this.#ms = Math.min(longest, Math.max(least, next))
  }
}
