/** Says to whoever watches that something changed. The Record holds the truth already: screens read it again now and then, which makes up for a message that was lost. */
import type { Changed } from '@hub/contracts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { MessageBus } from './message-bus.ts'

/** Returns at once. */
export type PublishChange = (change: Omit<Changed, 'v' | 'at'>) => void

/** Of more changes at once only the kind is said, with everybody whom one of them concerns. */
export const namedMost = 50

export const createPublishChange =
  ({ bus, clock, log }: { bus: MessageBus; clock: Clock; log: Log }): PublishChange =>
  (change) =>
    void bus
      .publish('changed', {}, { v: 1, at: clock.now(), ...change })
      .catch((err: unknown) =>
        log.debug({ err, what: change.what }, 'a change was not published; it is read again anyway'),
      )

/** The districts of several changes together. */
export function unionOf(changes: readonly Pick<Changed, 'districts'>[]): Changed['districts'] {
  if (changes.some(({ districts }) => districts === 'city')) return 'city'
  return [...new Set(changes.flatMap(({ districts }) => (districts === 'city' ? [] : districts)))].sort()
}
