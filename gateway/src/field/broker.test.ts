import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
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
        ...{ device: sensor, at: clock.now(), kind: 'telemetry', verdict: 'pass', rung: 'fresh', every },
        values: { pm25: 35, clockOffsetMs: 250 },
      },
    ])
  })

  it('that sends two samples at once has each at an instant of its own', async () => {
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
    broker.assign([assigned(sensor, 'new-password'), assigned(other, otherPassword)])
    await gone
    expect(two.connected).toBe(true)
    await expect(asSensor(url)).rejects.toThrow('Not authorized')
    await connect(url, { username: sensor, password: 'new-password' })
    const goneToo = closed(two)
    broker.assign([])
    await goneToo
  })
})

describe('a bad message', () => {
  it('is acknowledged, counted and logged with field and limit; the next one is not lost', async () => {
    const { broker, emitted, lines, url } = await testBroker()
    const client = await asSensor(url)
    await client.publishAsync(telemetry(sensor), '{"at":"noon","values":{"pm25":1}}', { qos: 1 })
    await client.publishAsync(`field/v1/${sensor}/status`, 'online?', { qos: 1 })
    await client.publishAsync(telemetry(sensor), '{"at":1,"values":{"pm25":1}}', { qos: 1 })
    expect(emitted.length).toBe(1)
    expect(broker.stats()).toMatchObject({ messages: 3, malformed: 2 })
    expect(lines.map((line) => line.reason)).toEqual([
      'telemetry: at: Invalid input: expected number, received string',
      'status: status: online or offline',
    ])
  })

  it('with one impossible value degrades the look and keeps the rest', async () => {
    const { broker, emitted, lines, url } = await testBroker()
    const client = await asSensor(url)
    await client.publishAsync(telemetry(sensor), '{"at":1,"values":{"pm25":1,"noise":999}}', { qos: 1 })
    expect(emitted).toMatchObject([{ verdict: 'degraded', reason: 'out-of-range', values: { pm25: 1 } }])
    expect(emitted[0]!.values).not.toHaveProperty('noise')
    expect(broker.stats()).toMatchObject({ malformed: 0, outOfRange: 1 })
    expect(lines).toMatchObject([
      { device: sensor, reason: 'telemetry: values.noise: must be 0 to 160 dB(A)', found: '999' },
    ])
  })

  it('too many of them are ignored, so that one sensor cannot fill the spool', async () => {
    const { broker, emitted, url } = await testBroker()
    const client = await asSensor(url)
    for (let i = 0; i < 50; i++)
      await client.publishAsync(telemetry(sensor), '{"at":1,"values":{"pm25":1}}', { qos: 1 })
    expect(emitted.length).toBe(20)
    expect(broker.stats().overQuota).toBe(30)
  })

  it('leaves no secret in the log', async () => {
    const { lines, url } = await testBroker()
    await connect(url, { username: sensor, password: 'canary-wrong' }).catch(() => {})
    await connect(url, { username: 'canary-wrong', password }).catch(() => {})
    expect(lines.length).toBe(2)
    expect(JSON.stringify(lines)).not.toMatch(/canary-password|"password"/)
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
    expect(emitted.filter((look) => look.device === sensor).length).toBe(1)
    expect(client.connected).toBe(true)
  })

  it('data that comes after a missed interval leaves the miss reported, and begins anew', async () => {
    const { clock, emitted, url } = await testBroker()
    const start = clock.now()
    const client = await asSensor(url)
    const report = () => client.publishAsync(telemetry(sensor), '{"at":1,"values":{"pm25":1}}', { qos: 1 })
    const mine = () => emitted.filter((look) => look.device === sensor).map((look) => [look.verdict, look.at - start])
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

  it('a renewed assignment does not begin the wait again', async () => {
    const { broker, clock, emitted } = await testBroker()
    await clock.advanceAsync(14_000)
    broker.assign([assigned(sensor, password)])
    await clock.advanceAsync(1_000)
    expect(emitted.map((look) => look.device)).toEqual([sensor])
  })
})
