/** Changes that come many at once, sent together. */
import type { Clock } from '@hub/platform'

export interface Coalescer<T> {
  add(change: T): void
  cancel(): void
}

/**
 * The first goes on at once; what follows within `ms` goes on together at the end of that time, which begins a new one.
 * @param send gets what has changed, in order
 */
export function createCoalescer<T>(clock: Clock, ms: number, send: (changes: readonly T[]) => void): Coalescer<T> {
  const waiting: T[] = []
  let cancel: (() => void) | undefined
  const open = () => {
    cancel = clock.after(ms, () => {
      cancel = undefined
      if (waiting.length === 0) return
      open()
      send(waiting.splice(0))
    })
  }
  return {
    add(change) {
      if (cancel) return void waiting.push(change)
      open()
      send([change])
    },
    cancel: () => cancel?.(),
  }
}
