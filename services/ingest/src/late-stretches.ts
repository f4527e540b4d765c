/** Devices whose written probe figures no longer hold: which stretch. On disk in the transaction that made them so. */
import type { Span } from '@hub/core'
import type { Store } from './store.ts'

/**
 * A spool that drains adds to the stretches of its devices with each commit, and the raw batches of a whole stretch are read to derive
 * it: so a stretch is derived when it has been left alone for so long, …
 */
const calmMs = 30_000
/** … or has waited for so long. */
const patienceMs = 900_000

type Mark = Span & { since: number; last: number }

const keys = { late: 'probes:late:', written: 'probes:written' }

export class LateStretches {
  /** A new object at each mark: so `settle` sees that a device was marked again meanwhile. */
  #marks = new Map<string, Mark>()
  #written = 0
  #frontier = 0

  load(store: Store): void {
    this.#written = Number(store.settings.get(keys.written) ?? 0)
    this.#frontier = Math.max(this.#frontier, this.#written)
    this.#marks = new Map(
      store.settings
        .under(keys.late)
        .map((row) => [row.key.slice(keys.late.length), { ...(JSON.parse(row.value) as Span), since: 0, last: 0 }]),
    )
  }

  /** The figures of all buckets that end by then have been written, but for the late ones. 0: none yet. */
  get written(): number {
    return this.#written
  }

  get size(): number {
    return this.#marks.size
  }

  /** What is to be derived again by now. */
  due = (now: number): [device: string, stretch: Span][] =>
    [...this.#marks].filter(([, { since, last }]) => last + calmMs <= now || since + patienceMs <= now)

  /** Buckets that end by `frontier` are about to be computed: what changes in them from now on is late. */
  begin(frontier: number): void {
    this.#frontier = Math.max(this.#frontier, frontier)
  }

  /** Inside a transaction: the device's states in `[from, to)` have changed. */
  mark(store: Store, device: string, { from, to }: Span, now: number): void {
    if (from >= this.#frontier) return
    const was = this.#marks.get(device)
    const stretch = {
      from: Math.min(from, was?.from ?? from),
      to: Math.max(Math.min(to, this.#frontier), was?.to ?? 0),
    }
    this.#marks.set(device, { ...stretch, since: was?.since ?? now, last: now })
    if (stretch.from !== was?.from || stretch.to !== was.to)
      store.settings.put(keys.late + device, JSON.stringify(stretch))
  }

  /** Inside a transaction: what was written covers these, unless they were marked again meanwhile. */
  settle(store: Store, written: number, clean: readonly [device: string, stretch: Span][]): void {
    this.#written = written
    this.#frontier = Math.max(this.#frontier, written)
    store.settings.put(keys.written, String(written))
    for (const [device, stretch] of clean) {
      if (this.#marks.get(device) !== stretch) continue
      this.#marks.delete(device)
      store.settings.drop(keys.late + device)
    }
  }
}
