import { setTimeout as wait } from 'node:timers/promises'
import { Backpressure } from '@hub/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { type Broker, createBroker } from './broker.ts'
import { connectBus } from './mqtt-bus.ts'
import type { Bus } from './port.ts'

const holdMs = 1_000
const soon = { timeout: 5_000, interval: 5 }
const message = Buffer.alloc(60_000, 'x')
const count = 40

let broker: Broker<string>
let centre: Bus
let connections: Bus[]
const got: string[] = []
let release: () => void

const open = (user: string): Bus => {
  const url = `mqtt://127.0.0.1:${broker.port}`
  const bus = connectBus({ log: silentLog, url, clientId: user, user, password: 'secret' })
  connections.push(bus)
  return bus
}
beforeEach(async () => {
  got.length = 0
  const backpressure = new Backpressure()
  broker = createBroker<string>({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    authenticate: (user) => user,
    mayPublish: () => true,
    maySubscribe: () => true,
    backpressure,
    limits: { holdMs },
  })
  await broker.start()
  connections = []
  centre = connectBus({ log: silentLog, clientId: 'centre', connect: () => broker.attach('centre'), backpressure })
  connections.push(centre)
  const settled = Promise.withResolvers<void>()
  release = settled.resolve
  await centre.subscribe('#', ({ topic }) => {
    got.push(topic)
    if (topic === 'full') return settled.promise
  })
})
afterEach(async () => {
  release()
  for (const bus of connections) await bus.close()
  await broker.stop()
})
const gotOf = (topic: string) => got.filter((each) => each === topic).length

it('what the subscriber inside does not settle holds back its publisher and no other, who goes on when it is', async () => {
  const [full, free] = [open('full'), open('free')]
  const sent = Array.from({ length: count }, () => full.publish('full', message))
  await vi.waitFor(() => expect(gotOf('full')).toBeGreaterThan(4), soon)
  await wait(holdMs / 4)
  // 256 KiB unsettled, and what one reading of a socket brings.
  expect(gotOf('full')).toBeLessThan(12)
  const began = performance.now()
  await free.publish('free', message)
  expect(performance.now() - began).toBeLessThan(holdMs / 2)
  release()
  await Promise.all(sent)
  await vi.waitFor(() => expect(gotOf('full')).toBe(count), soon)
  expect([full.connected, free.connected]).toEqual([true, true])
})

it('a publisher is held for a time and not for ever, and the centre never', async () => {
  const full = open('full')
  let taken = 0
  for (let n = 0; n < 10; n++) void full.publish('full', message).then(() => taken++)
  await vi.waitFor(() => expect(gotOf('full')).toBeGreaterThan(4), soon)
  await centre.publish('full', message)
  await vi.waitFor(() => expect(taken).toBe(10), { timeout: 10 * holdMs, interval: 20 })
})
