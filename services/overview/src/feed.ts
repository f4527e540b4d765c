/** The latest changes that people care about: to down, to degraded, and back. */
import type { Transition } from '@hub/contracts'

const kept = 2_000

export interface Feed {
  add(transition: Transition): void
  /** Newest first. */
  latest(count: number, sees: (transition: Transition) => boolean): Transition[]
}

const matters = ({ from, to }: Transition) =>
  to === 'down' || to === 'degraded' || (to === 'up' && (from === 'down' || from === 'degraded'))

export function createFeed(): Feed {
  const newestLast: Transition[] = []
  return {
    add(transition) {
      if (!matters(transition)) return
      newestLast.push(transition)
      if (newestLast.length > 2 * kept) newestLast.splice(0, newestLast.length - kept)
    },
    latest(count, sees) {
      const found: Transition[] = []
      for (let i = newestLast.length - 1; i >= 0 && found.length < count; i--)
        if (sees(newestLast[i]!)) found.push(newestLast[i]!)
      return found
    },
  }
}
