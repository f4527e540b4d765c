/** Tells whoever works on it that a row changed. The record holds the truth already: a lost notice is made up for by a reading now and then. */
import { type Changed, topic } from '@hub/contracts'
import type { Bus, Clock, Log } from '@hub/platform'

export type Notice = (what: 'adjustments' | 'exports' | 'outages' | 'workOrders' | 'topology', id: string) => void

export function createNotice({ bus, clock, log }: { bus: Bus; clock: Clock; log: Log }): Notice {
  return (what, id) => {
    const message: Changed = { v: 1, at: clock.now(), id }
    bus
      .publish(topic(what), JSON.stringify(message))
      .catch((err: unknown) => log.warn({ err, what }, 'a change was not published'))
  }
}
