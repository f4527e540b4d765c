/** A timing wheel: any number of items behind one timer. Items in one tick cost one map entry. */
export class TimingWheel<T> {
  readonly #tickMs: number
  readonly #slots = new Map<number, T[]>()
  /** Every tick before this one has been handed out. */
  #next: number

  constructor(tickMs: number, now: number) {
    this.#tickMs = tickMs
    this.#next = Math.floor(now / tickMs)
  }

  /** An item in the past is due at the next call of `due`. */
  add(at: number, item: T): void {
    const tick = Math.max(this.#next, Math.ceil(at / this.#tickMs))
    const slot = this.#slots.get(tick)
    if (slot) slot.push(item)
    else this.#slots.set(tick, [item])
  }

  /** Takes out everything due by now, in order of time. Linear in what is due, also after the clock has leapt. */
  due(now: number): T[] {
    const last = Math.floor(now / this.#tickMs)
    const ticks =
      last - this.#next < this.#slots.size
        ? range(this.#next, last)
        : [...this.#slots.keys()].filter((t) => t <= last).sort((a, b) => a - b)
    this.#next = Math.max(this.#next, last + 1)
    return ticks.flatMap((tick) => {
      const slot = this.#slots.get(tick)
      this.#slots.delete(tick)
      return slot ?? []
    })
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
