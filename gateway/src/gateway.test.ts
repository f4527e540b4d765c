/** The whole gateway in one process: a real broker above it, a real sensor below it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AssignedCamera, GatewayStatus, type Observation, topic } from '@hub/contracts'
import { checkConfig, connectBus, createBroker, createLog, createSystemClock, sha256, silentLog } from '@hub/platform'
import mqtt from 'mqtt'
import { expect, it, onTestFinished, vi } from 'vitest'
import { GatewayConfig } from './config.ts'
import { createGateway } from './gateway.ts'
import { fakeCamera, fixture } from './onvif/fake-camera.ts'
import { decode, gateway as id, scratchFolder } from './spool/fixtures.ts'

const soon = { timeout: 8_000, interval: 20 }
const sensor = '43040500001320000001'
const [uplinkPassword, sensorPassword] = ['canary-uplink', 'canary-sensor']

async function testCentre() {
  const broker = createBroker<string>({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    authenticate: (user, secret) => (secret === uplinkPassword ? user : undefined),
    mayPublish: () => true,
    maySubscribe: () => true,
  })
  await broker.start()
  const bus = connectBus({ connect: () => broker.attach('centre'), clientId: 'centre', log: silentLog })
  const received: Observation[] = []
  const statuses: GatewayStatus[] = []
  await bus.subscribe(topic('observations', { gateway: id }), async ({ payload }) => {
    const { epoch, seq, observations } = decode(payload)
    received.push(...observations)
    const ack = { v: 1, gateway: id, epoch, seq, at: Date.now() }
    await bus.publish(topic('acks', { gateway: id }), JSON.stringify(ack))
  })
  await bus.subscribe(topic('status', { gateway: id }), ({ payload }) => {
    statuses.push(GatewayStatus.parse(JSON.parse(payload.toString())))
  })
  const assign = (version: number, cameras: readonly AssignedCamera[] = []) =>
    bus.publish(
      topic('assignment', { gateway: id }),
      JSON.stringify({
        v: 1,
        gateway: id,
        version,
        devices: [{ kind: 'sensor', id: sensor, passwordHash: sha256(sensorPassword), every: 60_000 }, ...cameras],
      }),
    )
  let up = true
  const stop = async () => {
    if (!up) return
    up = false
    await bus.close()
    await broker.stop()
  }
  onTestFinished(stop)
  return { received, statuses, assign, stop, port: broker.port }
}

async function testGateway(data: string, uplinkPort: number) {
  const config = checkConfig(GatewayConfig, {
    id,
    data,
    field: { port: 0 },
    http: { port: 0 },
    uplink: { url: `mqtt://127.0.0.1:${uplinkPort}`, password: uplinkPassword },
    discovery: { interfaces: ['127.0.0.1'], multicast: false },
    credentials: { yard: { user: 'admin', password: 'canary-camera' } },
  })
  const lines: string[] = []
  const log = createLog({ name: 'gateway', level: 'trace' }, { write: (line) => void lines.push(line) })
  const gateway = createGateway(config, { clock: createSystemClock(), log })
  await gateway.start()
  let running = true
  const stop = async () => {
    if (running) await gateway.stop()
    running = false
  }
  onTestFinished(stop)
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${gateway.httpPort}${path}`)
    return { status: response.status, text: await response.text() }
  }
  return { gateway, get, stop, logged: () => lines.join('') }
}

async function sendReading(port: number, value: number) {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username: sensor,
    password: sensorPassword,
    clientId: sensor,
    protocolVersion: 4,
  })
  await client.publishAsync(
    topic('telemetry', { device: sensor }),
    JSON.stringify({ at: 1, values: { pm25: value } }),
    {
      qos: 1,
    },
  )
  await client.endAsync()
}

it('carries a sample from a sensor to the centre, and forgets it when it is acknowledged', async () => {
  const centre = await testCentre()
  const { gateway, get, logged } = await testGateway(scratchFolder(), centre.port)
  await vi.waitFor(() => expect(centre.statuses.length).toBeGreaterThan(0), soon)
  await centre.assign(1)
  await vi.waitFor(
    () => expect(centre.statuses.at(-1)).toMatchObject({ assignment: 1, devices: 1, online: true }),
    soon,
  )
  await sendReading(gateway.fieldPort, 35)
  await vi.waitFor(() => expect(centre.received).toMatchObject([{ device: sensor, values: { pm25: 35 } }]), soon)
  await vi.waitFor(() => expect(gateway.stats().spool.batches).toBe(0), soon)

  expect(await get('/healthz')).toMatchObject({ status: 200, text: expect.stringContaining('"connected":true') })
  const metrics = await get('/metrics')
  expect(metrics.text).toMatch(/^gateway_uplink_acknowledged_batches_total 1$/m)
  expect(metrics.text).toMatch(/^gateway_field_messages_total 1$/m)
  expect(await get('/cameras/43040500001310000009')).toEqual({
    status: 404,
    text: '{"code":"device.unknown","detail":"there is no device 43040500001310000009"}',
  })
  expect((await get('/nothing')).status).toBe(404)

  expect(logged()).toContain('the assignment is in force')
  expect(logged() + metrics.text).not.toMatch(/canary/)
  expect(logged()).not.toContain(sha256(sensorPassword))
})

it('goes on with its assignment when it is restarted without the centre, and delivers afterwards', async () => {
  const data = scratchFolder()
  const centre = await testCentre()
  const first = await testGateway(data, centre.port)
  await vi.waitFor(() => expect(centre.statuses.length).toBeGreaterThan(0), soon)
  await centre.assign(7)
  await vi.waitFor(() => expect(centre.statuses.at(-1)?.assignment).toBe(7), soon)
  await centre.stop()
  await first.stop()

  const again = await testGateway(data, centre.port)
  expect(again.gateway.stats()).toMatchObject({ assignment: 7, devices: 1, connected: false })
  await sendReading(again.gateway.fieldPort, 36)
  expect(again.gateway.stats().spool.batches).toBe(1)
  for (const file of readdirSync(data))
    expect(readFileSync(join(data, file), 'latin1'), file).not.toContain(sensorPassword)
})

it('spends a refused login twice at a camera, and not again when it is restarted', async () => {
  const data = scratchFolder()
  const centre = await testCentre()
  await using camera = await fakeCamera(({ body }) =>
    body.includes('GetSystemDateAndTime') ? fixture('dahua-clock') : fixture('dahua-unauthorised'),
  )
  const logins = () => camera.asked.filter(({ body }) => body.includes('Security')).length
  const xaddr = `http://127.0.0.1:${camera.port}/onvif/device_service`
  const assigned: AssignedCamera = {
    kind: 'camera',
    id: '43040500001310000001',
    xaddr,
    credential: 'yard',
    every: 1_000,
  }
  const verdicts = () => centre.received.filter(({ device }) => device === assigned.id)
  const first = await testGateway(data, centre.port)
  await vi.waitFor(() => expect(centre.statuses.length).toBeGreaterThan(0), soon)
  await centre.assign(1, [assigned])
  await vi.waitFor(() => expect(verdicts().at(-1)?.reason).toBe('unauthorised'), soon)
  await vi.waitFor(() => expect(logins()).toBe(2), soon)
  await first.stop()
  centre.received.length = 0

  const again = await testGateway(data, centre.port)
  await vi.waitFor(() => expect(verdicts().length).toBeGreaterThan(2), soon)
  expect(verdicts().every(({ reason }) => reason === 'unauthorised')).toBe(true)
  expect(logins()).toBe(2)
  await again.stop()
  expect(readFileSync(join(data, 'logins.sqlite'), 'latin1')).not.toContain('canary-camera')
})
