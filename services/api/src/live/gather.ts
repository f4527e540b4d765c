/** Changes that come many at once, told of together. */
import type { Clock } from '@hub/platform'

export interface Gatherer {
  add(id: string): void
  cancel(): void
}

/** @param tell gets the one id that has changed within `ms`, or '' when there were several. */
export function createGatherer(clock: Clock, ms: number, tell: (id: string) => void): Gatherer {
  const ids = new Set<string>()
  let cancel: (() => void) | undefined
  return {
    add(id) {
      ids.add(id)
      cancel ??= clock.after(ms, () => {
        cancel = undefined
        const [first = ''] = ids
        tell(ids.size === 1 ? first : '')
        ids.clear()
      })
    },
    cancel: () => cancel?.(),
  }
}
