import mqttPacket from 'mqtt-packet'
import { describe, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { type Broker, createBroker } from './broker.ts'
import { connectBus } from './mqtt-bus.ts'
import type { Bus } from './port.ts'
import { type BusHarness, busConformance } from './testing/conformance.ts'

const newBroker = (port = 0) =>
  createBroker<string>({
    host: '127.0.0.1',
    port,
    log: silentLog,
    authenticate: (user, password) => (password === 'secret' ? user : undefined),
    mayPublish: () => true,
    maySubscribe: (_user, filter) => filter !== 'forbidden/#',
  })

/** `open`: the n-th client, of the broker on `port` as it is then. */
const harness = async (open: (n: number, port: number, broker: () => Broker<string>) => Bus): Promise<BusHarness> => {
  let broker = newBroker()
  await broker.start()
  const { port } = broker
  let running = true
  let clients = 0
  return {
    open: () => open(clients++, port, () => broker),
    async stopBroker() {
      if (running) await broker.stop()
      running = false
    },
    async startBroker() {
      broker = newBroker(port)
      await broker.start()
      running = true
    },
  }
}

busConformance('by TCP to our broker', () =>
  harness((n, port) => {
    const login = { clientId: `user:${n}`, user: 'user', password: 'secret' }
    return connectBus({ log: silentLog, url: `mqtt://127.0.0.1:${port}`, ...login })
  }),
)

busConformance('inside the process', () =>
  harness((n, _, broker) =>
    connectBus({ log: silentLog, clientId: `hub:${n}`, connect: () => broker().attach('hub') }),
  ),
)

describe('the Bus on our broker', () => {
  const opened = async () => {
    const broker = newBroker()
    await broker.start()
    return broker
  }
  const login = { log: silentLog, user: 'user', password: 'secret' }

  it('acknowledges a message when its handler has settled, not before', async () => {
    const broker = await opened()
    const sent: string[] = []
    // A packet is written in pieces, and the first byte of a piece may be anything.
    const parser = mqttPacket.parser()
    parser.on('packet', ({ cmd }) => sent.push(cmd))
    const bus = connectBus({
      log: silentLog,
      clientId: 'hub',
      connect: () => {
        const stream = broker.attach('hub')
        const write = stream.write.bind(stream)
        stream.write = ((chunk: Buffer, ...rest: []) => {
          parser.parse(chunk)
          return write(chunk, ...rest)
        }) as typeof stream.write
        return stream
      },
    })
    const stored = Promise.withResolvers<void>()
    const handler = vi.fn(() => stored.promise)
    await bus.subscribe('t/x', handler)
    await bus.publish('t/x', '')
    await vi.waitFor(() => expect(handler).toHaveBeenCalled(), 20_000)
    expect(sent).not.toContain('puback')
    stored.resolve()
    await vi.waitFor(() => expect(sent).toContain('puback'), 20_000)
    await bus.close()
    await broker.stop()
  })

  it('rejects a subscription that the broker refuses', async () => {
    const broker = await opened()
    const bus = connectBus({ log: silentLog, clientId: 'hub', connect: () => broker.attach('hub') })
    await expect(bus.subscribe('forbidden/#', () => {})).rejects.toThrow()
    await bus.close()
    await broker.stop()
  })

  it('leaves its will when its connection is lost, and none when it is closed', async () => {
    const broker = await opened()
    const url = `mqtt://127.0.0.1:${broker.port}`
    const watcher = connectBus({ log: silentLog, clientId: 'hub', connect: () => broker.attach('hub') })
    const wills: string[] = []
    await watcher.subscribe('t/will', ({ payload }) => void wills.push(payload.toString()))
    const will = (text: string) => ({ topic: 't/will', payload: Buffer.from(text) })
    const closing = connectBus({ ...login, url, clientId: 'user:1', will: will('closed') })
    await closing.publish('t/x', '')
    await closing.close()
    const losing = connectBus({ ...login, url, clientId: 'user:2', will: will('lost') })
    await losing.publish('t/x', '')
    broker.disconnect((user) => user === 'user')
    await vi.waitFor(() => expect(wills).toEqual(['lost']), 20_000)
    await Promise.all([losing.close(), watcher.close()])
    await broker.stop()
  })

  it('keeps trying while its password is refused', async () => {
    const broker = await opened()
    const url = `mqtt://127.0.0.1:${broker.port}`
    const warn = vi.spyOn(silentLog, 'warn')
    const bus = connectBus({ ...login, url, clientId: 'user', password: 'guess' })
    await vi.waitFor(() => expect(warn.mock.calls.length).toBeGreaterThanOrEqual(2), 5_000)
    expect(bus.connected).toBe(false)
    expect(JSON.stringify(warn.mock.calls)).not.toContain('guess')
    warn.mockRestore()
    await bus.close()
    await broker.stop()
  })
})
