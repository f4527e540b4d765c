/** Changes that come many at once, told of together. */
import type { Clock } from '@hub/platform'

export interface Gatherer {
  add(id: string): void
  cancel(): void
}

/** @param tell gets the ids that have changed within `ms`. */
export function createGatherer(clock: Clock, ms: number, tell: (ids: readonly string[]) => void): Gatherer {
  const ids = new Set<string>()
  let cancel: (() => void) | undefined
  return {
    add(id) {
      ids.add(id)
      cancel ??= clock.after(ms, () => {
        cancel = undefined
        const changed = [...ids]
        ids.clear()
        tell(changed)
      })
    },
    cancel: () => cancel?.(),
  }
}
