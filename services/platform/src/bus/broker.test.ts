import { setTimeout as wait } from 'node:timers/promises'
import { filterCovers } from '@hub/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { type Broker, type BrokerOptions, createBroker } from './broker.ts'
import { connectPacket, publishPacket, RawClient, subscribePacket } from './testing/raw-client.ts'

const brokers: Broker<string>[] = []
const clients: RawClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.end()
  for (const broker of brokers.splice(0)) await broker.stop()
})

/** Everyone's password is `secret`, and everyone's own topics begin with the user's name. */
async function start(
  over: Partial<BrokerOptions<string>> = {},
): Promise<{ broker: Broker<string>; open(): RawClient }> {
  const broker = createBroker<string>({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    authenticate: (user, password) => (password === 'secret' ? user : undefined),
    mayPublish: (user, topic) => topic.startsWith(`${user}/`),
    maySubscribe: (user, filter) => filterCovers(`${user}/#`, filter),
    ...over,
  })
  await broker.start()
  brokers.push(broker)
  const open = () => {
    const client = new RawClient(broker.port)
    clients.push(client)
    return client
  }
  return { broker, open }
}
const login = (user: string) => ({ clientId: user, user, password: 'secret' })

describe('before login', () => {
  it('a CONNECT that announces 256 MB ends the connection at its first bytes', async () => {
    const { open } = await start()
    await open()
      .send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]))
      .closed()
  })

  it.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a PUBLISH', publishPacket('a/b', 'x')],
    ['a SUBSCRIBE', subscribePacket('#')],
  ])('%s ends the connection', async (_, bytes) => {
    const { open } = await start()
    await open().send(bytes).closed()
  })

  it('silence ends the connection', async () => {
    const { open } = await start({ limits: { connectTimeoutMs: 50 } })
    await open().closed()
  })

  it('a CONNECT that comes in drips does too', async () => {
    const { open } = await start({ limits: { connectTimeoutMs: 100 } })
    const client = open()
    const drip = setInterval(() => client.send(Buffer.from([0x10])), 20)
    await client.closed()
    clearInterval(drip)
  })

  it('an address may hold only so many connections', async () => {
    const { open } = await start({ limits: { connectionsPerAddress: 2 } })
    const [first, second] = [open(), open()]
    expect(await first.login(login('a'))).toBe(0)
    expect(await second.login(login('b'))).toBe(0)
    await open().closed()
    first.end()
    await vi.waitFor(async () => expect(await open().login(login('c'))).toBe(0), 20_000)
  })
})

describe('login', () => {
  it.each([
    ['the right password', login('a'), 0],
    ['a wrong password', { ...login('a'), password: 'guess' }, 5],
    ['no password', { clientId: 'a', user: 'a' }, 5],
    ['a client id that the broker chooses', { ...login('a'), clientId: '' }, 0],
    ['a client id with a suffix', { ...login('a'), clientId: 'a:2' }, 0],
    ["another user's client id", { ...login('a'), clientId: 'b' }, 2],
    ["a client id that begins like another's", { ...login('a'), clientId: 'ab' }, 2],
    ['no keepalive', { ...login('a'), keepalive: 0 }, 0],
    ['a keepalive above the limit', { ...login('a'), keepalive: 301 }, 5],
    ['no client id and a session to keep', { ...login('a'), clientId: '', clean: false }, 2],
    ['a will of its own', { ...login('a'), will: { topic: 'a/status', payload: 'gone' } }, 0],
    ["a will on another's topic", { ...login('a'), will: { topic: 'b/status', payload: 'gone' } }, 5],
    ['a will on $SYS', { ...login('$SYS'), will: { topic: '$SYS/x', payload: 'gone' } }, 5],
  ])('with %s', async (_, with_, code) => {
    const { open } = await start()
    expect(await open().login(with_)).toBe(code)
  })

  it("does not end another's connection", async () => {
    const { broker, open } = await start()
    const victim = open()
    await victim.login(login('b'))
    await open().login({ ...login('a'), clientId: 'b' })
    expect(broker.clients()).toEqual(['b'])
    expect(await victim.subscribe('b/x')).toEqual([1])
  })

  it('keeps no session, though asked: nothing waits for who is gone', async () => {
    const { open } = await start()
    const first = open()
    await first.login({ ...login('a'), clean: false })
    await first.subscribe('a/x')
    first.end()
    await first.closed()
    await open().login({ ...login('a'), clientId: 'a:2' })
    const second = open()
    second.send(connectPacket({ ...login('a'), clean: false }))
    expect(await second.read(4)).toBe('20020000')
  })

  it('for another protocol is refused with return code 1', async () => {
    const ended: object[] = []
    const { open } = await start({ onEnded: (end) => ended.push(end) })
    const [client, packet] = [open(), connectPacket(login('a'))]
    // The protocol level stands behind the name of the protocol: MQTT 3.1.1 §3.1.2.2.
    packet[packet.indexOf('MQTT') + 4] = 5
    // The byte after the keepalive is the length of the properties, of which there are none.
    const at = packet.indexOf('MQTT') + 8
    const five = Buffer.concat([packet.subarray(0, at), Buffer.of(0), packet.subarray(at)])
    five[1]! += 1
    client.send(five)
    expect(await client.read(4)).toBe('20020001')
    await client.closed()
    expect(ended).toEqual([{ user: 'a', reason: 'unacceptable protocol version' }])
  })

  it('without a keepalive is held to ours', async () => {
    const { open } = await start({ limits: { keepaliveSeconds: 0.05 } })
    const client = open()
    expect(await client.login({ ...login('a'), keepalive: 0 })).toBe(0)
    await client.closed()
  })

  it('that is refused, and a connection that is ended, are told with the reason and whom it names', async () => {
    const ended: object[] = []
    const { open } = await start({ onEnded: (end) => ended.push(end) })
    await open().login({ ...login('a'), password: 'guess' })
    await open().login({ ...login('a'), keepalive: 900 })
    const client = open()
    await client.login(login('a'))
    await client.send(publishPacket('b/x', 'x')).closed()
    expect(ended).toEqual([
      { user: 'a', reason: 'bad user or password' },
      { user: 'a', reason: 'a keepalive of 900 s: at most 300 s' },
      { user: '', principal: 'a', reason: 'may not publish on b/x' },
    ])
  })

  it('that fails inside refuses', async () => {
    const { open } = await start({ authenticate: () => Promise.reject(new Error('no store')) })
    expect(await open().login(login('a'))).toBe(5)
  })
})

describe('access', () => {
  it.each([
    ['a/x', 1],
    ['a/+/y', 1],
    ['a/#', 1],
    ['#', 128],
    ['+/x', 128],
    ['b/x', 128],
    ['ab/x', 128],
    ['$SYS/#', 128],
    ['$share/g/#', 128],
    ['$share/g/a/x', 128],
  ])('a subscription to %s is answered %i', async (filter, code) => {
    const { open } = await start()
    const client = open()
    await client.login(login('a'))
    expect(await client.subscribe(filter)).toEqual([code])
  })

  it.each([
    ["another's topic", publishPacket('b/x', 'x')],
    ['$SYS', publishPacket('$SYS/x/new/clients', 'b')],
    ['a topic with NUL', publishPacket('a/\0', 'x')],
    ['packet id 0', publishPacket('a/x', 'x', { qos: 1, id: 0 })],
    ['more than a packet may hold', publishPacket('a/x', Buffer.alloc(1_001))],
  ])('a PUBLISH with %s ends the connection', async (_, bytes) => {
    const onPublish = vi.fn(async () => {})
    const { open } = await start({ onPublish, limits: { messageBytes: 1_000 } })
    const client = open()
    await client.login(login('a'))
    await client.send(bytes).closed()
    expect(onPublish).not.toHaveBeenCalled()
  })

  it('nothing is retained', async () => {
    const { open } = await start()
    const client = open()
    await client.login({ ...login('a'), will: { topic: 'a/will', payload: 'x', retain: true } })
    await client.send(publishPacket('a/x', 'old', { qos: 1, retain: true })).read(4)
    client.end()
    await client.closed()
    const late = open()
    await late.login(login('a'))
    expect(await late.subscribe('a/#')).toEqual([1])
    await wait(50)
    expect(late.pending).toBe('')
  })

  it('withdrawn ends the connection', async () => {
    const { broker, open } = await start()
    const [a, b] = [open(), open()]
    await a.login(login('a'))
    await b.login(login('b'))
    expect(broker.disconnect((user) => user === 'a')).toBe(1)
    await a.closed()
    expect(broker.clients()).toEqual(['b'])
  })
})

describe('a PUBACK', () => {
  it('comes when onPublish has settled', async () => {
    const stored = Promise.withResolvers<void>()
    const seen: unknown[] = []
    const onPublish = (user: string, topic: string, payload: Buffer, qos: number) => {
      seen.push([user, topic, payload.toString(), qos])
      return stored.promise
    }
    const { open } = await start({ onPublish })
    const client = open()
    await client.login(login('a'))
    client.send(publishPacket('a/x', 'hello', { qos: 1, id: 7 }))
    await vi.waitFor(() => expect(seen).toEqual([['a', 'a/x', 'hello', 1]]), 10_000)
    await wait(50)
    expect(client.pending).toBe('')
    stored.resolve()
    expect(await client.read(4)).toBe('40020007')
  })

  it('never comes when it fails: the connection ends, and the client sends again', async () => {
    const { open } = await start({ onPublish: () => Promise.reject(new Error('disk full')) })
    const client = open()
    await client.login(login('a'))
    await client.send(publishPacket('a/x', 'hello', { qos: 1 })).closed()
    expect(client.pending).toBe('')
  })
})

it('a will goes the way of any message when its connection is lost', async () => {
  const seen: string[] = []
  const onPublish = async (user: string, topic: string, payload: Buffer) =>
    void seen.push(`${user} ${topic} ${payload}`)
  const { open } = await start({ onPublish })
  const client = open()
  await client.login({ ...login('a'), will: { topic: 'a/status', payload: 'gone' } })
  client.end()
  await vi.waitFor(() => expect(seen).toEqual(['a a/status gone']), 20_000)
})

/** aedes with a queue: RangeError in mqemitter when the slow one goes; and until then nobody is served. */
describe('behind a subscriber that does not read', () => {
  async function stuck() {
    const { open } = await start({ limits: { drainTimeoutMs: 60_000 } })
    const slow = open()
    await slow.login({ ...login('a'), clientId: 'a:slow' })
    await slow.subscribe('a/flood')
    slow.socket.pause()
    const flooder = open()
    await flooder.login({ ...login('a'), clientId: 'a:flooder' })
    const big = publishPacket('a/flood', Buffer.alloc(60_000))
    for (let n = 0; n < 300; n++) flooder.send(big)
    await wait(300)
    const many = open()
    await many.login({ ...login('a'), clientId: 'a:many' })
    many.send(Buffer.concat(Array.from({ length: 500 }, () => publishPacket('a/flood', ''))))
    await wait(50)
    return { open, slow }
  }

  it('others are served', async () => {
    const { open } = await stuck()
    const other = open()
    await other.login(login('b'))
    await other.subscribe('b/x')
    // PUBACK, and the message itself.
    const answer = await other.send(publishPacket('b/x', 'hi', { qos: 1, id: 9 })).read(4 + 11)
    expect(Buffer.from(answer, 'hex').toString('latin1')).toContain('b/x')
  })

  it('the broker outlives a burst and the end of the slow one', async () => {
    const { open, slow } = await stuck()
    const burst = open()
    await burst.login(login('b'))
    burst.send(Buffer.concat(Array.from({ length: 8_000 }, () => publishPacket('b/x', ''))))
    await wait(100)
    slow.end()
    expect(await burst.send(publishPacket('b/x', '', { qos: 1, id: 9 })).read(4)).toBe('40020009')
  })

  it('it is cut off when it has left its socket full for long', async () => {
    const { open } = await start({ limits: { drainTimeoutMs: 100 } })
    const slow = open()
    await slow.login({ ...login('a'), clientId: 'a:slow' })
    await slow.subscribe('a/flood')
    slow.socket.pause()
    const flooder = open()
    await flooder.login(login('a'))
    for (let n = 0; n < 300; n++) flooder.send(publishPacket('a/flood', Buffer.alloc(60_000)))
    const done = flooder.send(publishPacket('a/other', '', { qos: 1, id: 9 })).read(4)
    expect(await done).toBe('40020009')
  })
})

describe('the broker', () => {
  it('says when its port is taken', async () => {
    const { broker } = await start()
    const second = createBroker<string>({
      host: '127.0.0.1',
      port: broker.port,
      log: silentLog,
      authenticate: () => undefined,
      mayPublish: () => false,
      maySubscribe: () => false,
    })
    await expect(second.start()).rejects.toThrow('EADDRINUSE')
    await second.stop()
  })
})
