/** What every Bus must do, whatever broker is behind it. `mqtt-bus.test.ts` and `bus.peer.test.ts` run it. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Bus, Message } from '../port.ts'

export type BusHarness = {
  /** A new client of the broker. */
  open(): Bus
  /** Ends the broker and every connection to it. */
  stopBroker(): Promise<void>
  /** Starts it again at the same address, with nothing kept. */
  startBroker(): Promise<void>
}

const texts = (received: readonly Message[]) => received.map(({ payload }) => payload.toString())

export function busConformance(name: string, start: () => Promise<BusHarness>): void {
  describe(`the Bus, ${name}`, () => {
    let harness: BusHarness
    let open: Bus[]
    const bus = () => {
      const opened = harness.open()
      open.push(opened)
      return opened
    }
    /** Subscribes, and keeps what arrives. */
    const collect = async (on: Bus, filter: string) => {
      const received: Message[] = []
      await on.subscribe(filter, (message) => void received.push(message))
      return received
    }

    beforeEach(async () => {
      open = []
      harness = await start()
    })
    afterEach(async () => {
      for (const each of open) await each.close()
      await harness.stopBroker()
    })

    it.each([
      ['text', Buffer.from('你好')],
      ['nothing', Buffer.alloc(0)],
      ['bytes', Buffer.from([0, 255, 1, 254])],
      ['a megabyte', Buffer.alloc(1_000_000, 7)],
    ])('carries %s as it is', async (_, payload) => {
      const received = await collect(bus(), 't/x')
      await bus().publish('t/x', payload)
      await vi.waitFor(() => expect(received).toHaveLength(1), 20_000)
      expect(received[0]!.topic).toBe('t/x')
      expect(payload.equals(received[0]!.payload)).toBe(true)
    })

    it('delivers by filter', async () => {
      const one = bus()
      const [plus, hash, other] = [await collect(one, 't/+/a'), await collect(one, 't/#'), await collect(one, 'u/+')]
      await one.publish('t/1/a', 'x')
      await one.publish('t/1/b', 'y')
      await one.publish('u/1', 'z')
      await vi.waitFor(() => expect(texts(other)).toEqual(['z']), 20_000)
      expect(new Set(texts(plus))).toEqual(new Set(['x']))
      expect(new Set(texts(hash))).toEqual(new Set(['x', 'y']))
    })

    it('keeps the order of one publisher', async () => {
      const received = await collect(bus(), 't/x')
      const publisher = bus()
      const numbers = Array.from({ length: 200 }, (_, n) => String(n))
      await Promise.all(numbers.map((n) => publisher.publish('t/x', n)))
      await vi.waitFor(() => expect(received).toHaveLength(200), 20_000)
      expect(texts(received)).toEqual(numbers)
    })

    it('lets a handler publish and wait for it', async () => {
      const one = bus()
      const answers = await collect(one, 't/answer')
      await one.subscribe('t/question', async ({ payload }) => one.publish('t/answer', payload))
      await one.publish('t/question', 'x')
      await vi.waitFor(() => expect(texts(answers)).toEqual(['x']), 20_000)
    })

    it('a handler that takes long, or fails, does not keep others waiting', async () => {
      const one = bus()
      const never = Promise.withResolvers<void>()
      await one.subscribe('t/slow', () => never.promise)
      await one.subscribe('t/bad', () => Promise.reject(new Error('bad')))
      const received = await collect(one, 't/good')
      await one.publish('t/slow', '')
      await one.publish('t/bad', '')
      await one.publish('t/good', 'x')
      await vi.waitFor(() => expect(texts(received)).toEqual(['x']), 20_000)
      never.resolve()
    })

    it('an unsubscribed handler hears no more, and others of its filter do', async () => {
      const one = bus()
      const gone: Message[] = []
      const unsubscribe = await one.subscribe('t/x', (message) => void gone.push(message))
      const stays = await collect(one, 't/x')
      await unsubscribe()
      await one.publish('t/x', '1')
      await vi.waitFor(() => expect(texts(stays)).toEqual(['1']), 20_000)
      expect(gone).toEqual([])
    })

    it('a filter that nobody is subscribed to any more is given back', async () => {
      const one = bus()
      const received: Message[] = []
      const unsubscribe = await one.subscribe('t/x', (message) => void received.push(message))
      await unsubscribe()
      await one.publish('t/x', '1')
      await wait(50)
      expect(received).toEqual([])
    })

    it('comes back by itself: what was published meanwhile goes out, and subscriptions hold', async () => {
      const [publisher, subscriber] = [bus(), bus()]
      const received = await collect(subscriber, 't/x')
      await publisher.publish('t/x', 'before')
      const changes: boolean[] = []
      publisher.onConnection((connected) => changes.push(connected))

      await harness.stopBroker()
      await vi.waitFor(() => expect([publisher.connected, subscriber.connected]).toEqual([false, false]), 20_000)
      const meanwhile = publisher.publish('t/meanwhile', 'x')
      await harness.startBroker()
      await meanwhile
      await vi.waitFor(() => expect([publisher.connected, subscriber.connected]).toEqual([true, true]), 20_000)
      expect(changes).toEqual([false, true])

      // The subscription is asked for when the connection stands: until it is granted a message may pass by.
      await vi.waitFor(async () => {
        await publisher.publish('t/x', 'after')
        expect(texts(received)).toContain('after')
      }, 10_000)
    })

    it('may be opened, subscribed and published on before there is a broker', async () => {
      await harness.stopBroker()
      const one = bus()
      const subscribed = collect(one, 't/x')
      const published = one.publish('t/x', 'early')
      await wait(100)
      await harness.startBroker()
      const [received] = await Promise.all([subscribed, published])
      await vi.waitFor(async () => {
        await one.publish('t/x', 'late')
        expect(texts(received)).toContain('late')
      }, 10_000)
    })

    it('once closed is not connected, and refuses what waited and what comes', async () => {
      const one = bus()
      await one.publish('t/x', '')
      await harness.stopBroker()
      await vi.waitFor(() => expect(one.connected).toBe(false), 20_000)
      const waiting = one.publish('t/x', 'never')
      const refused = expect(waiting).rejects.toThrow('the bus is closed')
      await one.close()
      await refused
      await expect(one.publish('t/x', '')).rejects.toThrow('the bus is closed')
      expect(one.connected).toBe(false)
    })
  })
}
