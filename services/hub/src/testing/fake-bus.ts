/** A transport that delivers at once, inside this process, and remembers what was published. */
import { filterMatches } from '@hub/core'
import type { Bus } from '@hub/platform'

type Published = { topic: string; payload: string }
export type FakeBus = Bus & {
  published: Published[]
  connected: boolean
  deliver(topic: string, message: unknown): Promise<void>
  /** Nobody hears anything any more. */
  deafen(): void
}

/** Delivers at once what is published to whoever has subscribed. */
export function createFakeBus(): FakeBus {
  const handlers = new Set<{ filter: string; handler: Parameters<Bus['subscribe']>[1] }>()
  const published: Published[] = []
  const send = async (name: string, payload: Buffer | string) => {
    for (const { filter, handler } of [...handlers])
      if (filterMatches(filter, name)) await handler({ topic: name, payload: Buffer.from(payload) })
  }
  return {
    published,
    connected: true,
    async publish(name, payload) {
      published.push({ topic: name, payload: payload.toString() })
      await send(name, payload)
    },
    async subscribe(filter, handler) {
      const entry = { filter, handler }
      handlers.add(entry)
      return async () => void handlers.delete(entry)
    },
    deliver: (name, message) => send(name, JSON.stringify(message)),
    deafen: () => handlers.clear(),
    onConnection: () => () => {},
    close: async () => {},
  }
}
