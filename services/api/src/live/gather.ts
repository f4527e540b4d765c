/** Changes that come many at once, told of together. */
import type { Clock } from '@hub/platform'

export interface Gatherer {
  add(id: string): void
  cancel(): void
}

/**
 * The first is told at once; what follows within `ms` of a telling is told together at its end, which is a telling again.
 * @param tell gets the ids that have changed, each once
 */
export function createGatherer(clock: Clock, ms: number, tell: (ids: readonly string[]) => void): Gatherer {
  const ids = new Set<string>()
  let cancel: (() => void) | undefined
  const open = () => {
    cancel = clock.after(ms, () => {
      cancel = undefined
      if (ids.size === 0) return
      const changed = [...ids]
      ids.clear()
      open()
      tell(changed)
    })
  }
  return {
    add(id) {
      if (cancel) return void ids.add(id)
      open()
      tell([id])
    },
    cancel: () => cancel?.(),
  }
}
