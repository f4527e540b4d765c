import { createConnection } from 'node:net'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { assigned, every, other, otherPassword, password, sensor, telemetry, testBroker } from './fixtures.ts'

const connect = async (url: string, options: IClientOptions): Promise<MqttClient> => {
  const client = mqtt.connect(url, {
    protocolVersion: 4,
    reconnectPeriod: 0,
    clientId: options.username ?? '',
    ...options,
  })
  onTestFinished(() => client.endAsync(true))
  client.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('error', reject)
    client.once('close', () => reject(new Error('closed')))
  })
  return client
}
const asSensor = (url: string) => connect(url, { username: sensor, password, clientId: sensor })
const closed = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', () => resolve()))

describe('a sensor', () => {
  it('with its own credential reports under its own id', async () => {
    const { clock, emitted, url } = await testBroker()
    const client = await asSensor(url)
    await client.publishAsync(telemetry(sensor), JSON.stringify({ at: clock.now() + 250, values: { pm25: 35 } }), {
      qos: 1,
    })
    expect(emitted).toEqual([
      {
        device: sensor,
        at: clock.now() + 250,
        kind: 'telemetry',
        verdict: 'pass',
        rung: 'fresh',
        every,
        values: { pm25: 35, clockOffsetMs: 250 },
      },
    ])
  })

  it('whose clock is wrong has two samples that come at once each at an instant of its own', async () => {
    const { clock, emitted, url } = await testBroker()
    const client = await asSensor(url)
    const send = (pm25: number) =>
      client.publishAsync(telemetry(sensor), JSON.stringify({ at: pm25, values: { pm25 } }), { qos: 1 })
    await Promise.all([send(1), send(2), send(3)])
    const now = clock.now()
    expect(emitted.map(({ at, values }) => [at - now, values?.pm25])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ])
  })

  it('that was cut off for an hour has every sample stored at its own time; a backlog is no clock error', async () => {
    const { broker, clock, emitted, url } = await testBroker()
    const now = clock.now()
    const times = Array.from({ length: 120 }, (_, n) => now - 3_600_000 + 30_000 * n)
    const client = await asSensor(url)
    const sent = Promise.all(
      times.map((at, n) =>
        client.publishAsync(telemetry(sensor), JSON.stringify({ at, values: { pm25: n } }), { qos: 1 }),
      ),
    )
    await vi.waitFor(() => expect(broker.stats().held).toBe(20))
    // What comes faster than fifty a second is acknowledged later.
    expect(broker.stats().messages).toBe(100)
    await clock.advanceAsync(400)
    await sent
    const samples = emitted.filter(({ kind }) => kind === 'telemetry')
    expect(samples.map(({ at, values }) => [at, values])).toEqual(times.map((at, n) => [at, { pm25: n }]))
    // That they came shows that it is there now, and is said once.
    expect(emitted.filter(({ kind }) => kind === 'probe')).toEqual([
      { device: sensor, at: now, kind: 'probe', verdict: 'pass', rung: 'fresh', every },
    ])
    expect(broker.explain(sensor)).toMatchObject({ clock: { offsetMs: 0, lateSince: now + 400 } })
    await clock.advanceAsync(1_000)
    const at = clock.now()
    await client.publishAsync(telemetry(sensor), JSON.stringify({ at, values: { pm25: 7 } }), { qos: 1 })
    expect(emitted.at(-1)).toMatchObject({ at, values: { pm25: 7, clockOffsetMs: 0 } })
  })

  it('gets its PUBACK when the sample is on disk, not before', async () => {
    const disk = Promise.withResolvers<void>()
    const { emitted, url } = await testBroker({ disk: disk.promise })
    const client = await asSensor(url)
    let acknowledged = false
    const publishing = client.publishAsync(telemetry(sensor), '{"at":1,"values":{"pm25":1}}', { qos: 1 }).then(() => {
      acknowledged = true
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(acknowledged).toBe(false)
    disk.resolve()
    await publishing
    expect(emitted.length).toBe(1)
  })

  it('gets no PUBACK when the disk is full, and may send again when it is not', async () => {
    const { broker, emitted, fillDisk, url } = await testBroker()
    fillDisk(true)
    const first = await asSensor(url)
    let acknowledged = false
    first.publish(telemetry(sensor), '{"at":1,"values":{"pm25":1}}', { qos: 1 }, (error) => {
      acknowledged = !error
    })
    await closed(first)
    expect(acknowledged).toBe(false)
    expect(broker.stats().notStored).toBe(1)
    fillDisk(false)
    const again = await asSensor(url)
    await again.publishAsync(telemetry(sensor), '{"at":1,"values":{"pm25":1}}', { qos: 1 })
    expect(emitted.length).toBe(1)
  })

  it.each([
    ['a wrong password', { username: sensor, password: otherPassword }],
    ['no password', { username: sensor }],
    ['no name', {}],
    ['an unknown name', { username: '43040500001320000099', password }],
    ["another's client id", { username: sensor, password, clientId: other }],
  ])('with %s is refused', async (_, options) => {
    const { emitted, url } = await testBroker()
    await expect(connect(url, options)).rejects.toThrow()
    expect(emitted).toEqual([])
  })

  it.each([
    telemetry(other),
    `field/v1/${sensor}/commands`,
    `field/v1/${sensor}/telemetry/x`,
    'hub/v1/gateways/43040500002000000001/observations',
    '$SYS/disconnect/clients',
  ])('may not publish on %s', async (topic) => {
    const { emitted, url } = await testBroker()
    const client = await asSensor(url)
    client.publish(topic, '{"at":1,"values":{"pm25":1}}', { qos: 1 })
    await closed(client)
    expect(emitted).toEqual([])
  })

  it('may not leave a will for another', async () => {
    const { url } = await testBroker()
    const will = { topic: telemetry(other), payload: Buffer.from('x'), qos: 1 as const, retain: false }
    await expect(connect(url, { username: sensor, password, will })).rejects.toThrow('Not authorized')
  })

  it.each(['#', '+/#', 'field/v1/+/telemetry', telemetry(sensor), telemetry(other), '$SYS/#', '$share/g/#'])(
    'may not subscribe to %s',
    async (filter) => {
      const { url } = await testBroker()
      const client = await asSensor(url)
      const grants = await client.subscribeAsync(filter, { qos: 1 }).catch(() => 'refused')
      expect(grants === 'refused' || (Array.isArray(grants) && grants.every((grant) => grant.qos === 128))).toBe(true)
    },
  )

  it('is disconnected when its password is changed or it is taken away, and the others are not', async () => {
    const { broker, url } = await testBroker()
    const one = await asSensor(url)
    const two = await connect(url, { username: other, password: otherPassword })
    const gone = closed(one)
    broker.apply({ put: [assigned(sensor, 'new-password'), assigned(other, otherPassword)], drop: [] })
    await gone
    expect(two.connected).toBe(true)
    await expect(asSensor(url)).rejects.toThrow('Not authorized')
    await connect(url, { username: sensor, password: 'new-password' })
    const goneToo = closed(two)
    broker.apply({ put: [], drop: [sensor, other] })
    await goneToo
  })
})

describe('a bad message', () => {
  const shown = (text: string) => Buffer.from(text).toString('base64')

  it('is acknowledged, logged with field and limit, and sent along; it proves life, and the next one is not lost', async () => {
    const { broker, clock, emitted, lines, url } = await testBroker()
    const client = await asSensor(url)
    const at = clock.now()
    const bad = ['hello', `{"at":${at},"values":{"pm25":NaN,"noise":55}}`, `{"values":{"noise":56}}`]
    for (const text of bad) await client.publishAsync(telemetry(sensor), text, { qos: 1 })
    await client.publishAsync(telemetry(sensor), `{"at":${at},"values":{"pm25":1}}`, { qos: 1 })
    expect(emitted.map(({ verdict, reason, values, deadLetter }) => [verdict, reason, values, deadLetter])).toEqual([
      ['degraded', 'malformed', {}, { reason: 'body: must be JSON', payload: shown(bad[0]!) }],
      [
        'degraded',
        'malformed',
        { noise: 55, clockOffsetMs: 0 },
        { reason: 'body: must be JSON; values.pm25: must be a number', payload: shown(bad[1]!) },
      ],
      [
        'degraded',
        'malformed',
        { noise: 56 },
        { reason: 'at: must be a whole number of UTC milliseconds', payload: shown(bad[2]!) },
      ],
      ['pass', undefined, { pm25: 1, clockOffsetMs: 0 }, undefined],
    ])
    expect(broker.stats()).toMatchObject({ messages: 4, malformed: 3, outOfRange: 0 })
    expect(lines.map((line) => line.reason)).toEqual([
      'telemetry: body: must be JSON',
      'telemetry: body: must be JSON',
      'telemetry: values.pm25: must be a number',
      'telemetry: at: must be a whole number of UTC milliseconds',
    ])
    // Silence counts from the last of them.
    await clock.advanceAsync(14_500)
    expect(emitted.filter(({ device, kind }) => device === sensor && kind === 'probe')).toEqual([])
  })

  it('again and again is counted, and sent along twenty times and then once a minute', async () => {
    const { clock, emitted, url } = await testBroker()
    const client = await asSensor(url)
    const letters = () => emitted.flatMap(({ deadLetter }) => deadLetter ?? [])
    for (let i = 0; i < 50; i++) await client.publishAsync(telemetry(sensor), 'hello', { qos: 1 })
    expect([emitted.length, letters().length]).toEqual([50, 20])
    await clock.advanceAsync(60_000)
    await client.publishAsync(telemetry(sensor), 'hello', { qos: 1 })
    expect(letters().at(-1)).toMatchObject({ reason: 'body: must be JSON', more: 30 })
  })

  it('that is a status proves no life: it may be the will of a sensor that is gone', async () => {
    const { broker, emitted, url } = await testBroker()
    const client = await asSensor(url)
    await client.publishAsync(`field/v1/${sensor}/status`, 'gone', { qos: 1 })
    expect(emitted).toEqual([])
    expect(broker.stats().malformed).toBe(1)
    expect(broker.explain(sensor).unread).toMatchObject([{ reason: 'status: online or offline', payload: 'gone' }])
  })

  it('with one impossible value degrades the observation and keeps the rest', async () => {
    const { broker, emitted, lines, url } = await testBroker()
    const client = await asSensor(url)
    await client.publishAsync(telemetry(sensor), '{"at":1,"values":{"pm25":1,"noise":999}}', { qos: 1 })
    expect(emitted[0]).not.toHaveProperty('deadLetter')
    expect(emitted).toMatchObject([{ verdict: 'degraded', reason: 'out-of-range', values: { pm25: 1 } }])
    expect(emitted[0]!.values).not.toHaveProperty('noise')
    expect(broker.stats()).toMatchObject({ malformed: 0, outOfRange: 1 })
    expect(lines).toMatchObject([
      { device: sensor, reason: 'telemetry: values.noise: must be 0 to 160 dB(A)', found: '999' },
    ])
  })

  it('leaves no secret in the log', async () => {
    const { lines, url } = await testBroker()
    await connect(url, { username: sensor, password: 'canary-wrong' }).catch(() => {})
    await connect(url, { username: 'canary-wrong', password }).catch(() => {})
    await vi.waitFor(() => expect(lines.length).toBe(2))
    expect(JSON.stringify(lines)).not.toMatch(/canary-password|"password"/)
  })
})

describe('a sensor that is refused', () => {
  const refused = (options: IClientOptions) => async (url: string) => {
    await expect(connect(url, { username: sensor, password, clientId: sensor, ...options })).rejects.toThrow()
  }
  it.each([
    ['a keepalive that is too long', refused({ keepalive: 900 }), 'a keepalive of 900 s: at most 300 s'],
    ['MQTT 5', refused({ protocolVersion: 5 }), 'unacceptable protocol version'],
    ["another's client id", refused({ clientId: other }), 'the client id is not the user'],
    ['a wrong password', refused({ password: otherPassword }), 'bad user or password'],
  ])('for %s is logged, counted, and shown on the device', async (_, attempt, reason) => {
    const { broker, clock, lines, url } = await testBroker()
    await attempt(url)
    await attempt(url)
    await vi.waitFor(() => expect(broker.stats().refusedLogins).toBe(2))
    const now = clock.now()
    expect(broker.explain(sensor).refusals).toEqual([{ reason, firstAt: now, lastAt: now, count: 2 }])
    expect(lines[0]).toEqual({ user: sensor, known: true, reason, text: 'a sensor was refused' })
    expect(broker.explain(other).refusals).toEqual([])
  })

  it.each([2, 6, 127])(
    'for protocol level %i is answered with code 1 of 3.1.1, logged, counted, and shown',
    async (level) => {
      const { broker, lines, url } = await testBroker()
      const text = (of: string) => Buffer.concat([Buffer.of(0, of.length), Buffer.from(of)])
      const head = [text('MQTT'), Buffer.of(level, 0xc2, 0, 60)]
      const body = Buffer.concat([...head, text(sensor), text(sensor), text(password)])
      const bytes = Buffer.concat([Buffer.of(0x10, body.length), body])
      const socket = createConnection(Number(new URL(url).port), '127.0.0.1')
      socket.write(bytes)
      expect(Buffer.concat(await socket.toArray()).toString('hex')).toBe('20020001')
      const reason = 'unacceptable protocol version'
      await vi.waitFor(() => expect(broker.stats().refusedLogins).toBe(1))
      expect(broker.explain(sensor).refusals).toMatchObject([{ reason, count: 1 }])
      expect(lines[0]).toEqual({ user: sensor, known: true, reason, text: 'a sensor was refused' })
    },
  )

  it('without a keepalive is let in', async () => {
    const { url } = await testBroker()
    expect((await connect(url, { username: sensor, password, clientId: sensor, keepalive: 0 })).connected).toBe(true)
  })

  it('for where it publishes is shown what it tried', async () => {
    const { broker, url } = await testBroker()
    const client = await asSensor(url)
    client.publish(telemetry(other), '{}', { qos: 1 })
    await closed(client)
    expect(broker.explain(sensor)).toMatchObject({
      connected: 0,
      heardAt: null,
      refusals: [{ reason: `may not publish on ${telemetry(other)}`, count: 1 }],
    })
  })
})

describe('freshness', () => {
  it('a sensor that never speaks is reported from an interval and a half after the start', async () => {
    const { clock, emitted } = await testBroker()
    const start = clock.now()
    await clock.advanceAsync(14_500)
    expect(emitted).toEqual([])
    await clock.advanceAsync(500)
    const missed = { kind: 'probe', verdict: 'fail', rung: 'fresh', reason: 'no-data', every }
    expect(emitted).toEqual([
      { ...missed, device: sensor, at: start + 10_000 },
      { ...missed, device: other, at: start + 10_000 },
    ])
  })

  it('an open session that says nothing is as silent as none', async () => {
    const { clock, emitted, url } = await testBroker()
    const client = await asSensor(url)
    await clock.advanceAsync(5_000)
    await client.publishAsync(`field/v1/${sensor}/status`, '{"status":"online"}', { qos: 1 })
    await clock.advanceAsync(10_000)
    expect(emitted.filter((each) => each.device === sensor).length).toBe(1)
    expect(client.connected).toBe(true)
  })

  it('data that comes after a missed interval leaves the miss reported, and begins anew', async () => {
    const { clock, emitted, url } = await testBroker()
    const start = clock.now()
    const client = await asSensor(url)
    const report = () => client.publishAsync(telemetry(sensor), '{"at":1,"values":{"pm25":1}}', { qos: 1 })
    const mine = () => emitted.filter((each) => each.device === sensor).map((each) => [each.verdict, each.at - start])
    await clock.advanceAsync(100)
    await report()
    // Missed at 15.1 s, and heard at 15.2 s: before any sweep could see the miss.
    await clock.advanceAsync(15_100)
    await report()
    await clock.advanceAsync(15_000)
    const sofar = [
      ['pass', 100],
      ['fail', 10_100],
      ['pass', 15_200],
    ]
    expect(mine()).toEqual(sofar)
    await clock.advanceAsync(500)
    expect(mine()).toEqual([...sofar, ['fail', 25_200]])
  })

  it('time in which the gateway itself did not listen is nobody’s silence', async () => {
    const { clock, emitted, lines, jump } = await testBroker()
    await clock.advanceAsync(10_000)
    jump(3_600_000)
    await clock.advanceAsync(14_500)
    expect(emitted).toEqual([])
    expect(lines).toEqual([{ text: 'the gateway was not listening for a while: silence of that time is not counted' }])
    await clock.advanceAsync(1_000)
    expect(emitted.length).toBe(2)
  })

  it('a short time in which it did not read is not counted either, and what was missed is told as of when it was due', async () => {
    const { clock, emitted, jump } = await testBroker()
    await clock.advanceAsync(10_000)
    jump(4_500)
    await clock.advanceAsync(4_000)
    expect(emitted).toEqual([])
    await clock.advanceAsync(1_000)
    // The broker's clock is ahead of the test's by the jump.
    expect(emitted.map((each) => each.at - clock.now() - 4_500)).toEqual([-9_500, -9_500])
  })

  it('a renewed assignment does not begin the wait again', async () => {
    const { broker, clock, emitted } = await testBroker()
    await clock.advanceAsync(14_000)
    broker.apply({ put: [assigned(sensor, password)], drop: [other] })
    await clock.advanceAsync(1_000)
    expect(emitted.map((each) => each.device)).toEqual([sensor])
  })
})
