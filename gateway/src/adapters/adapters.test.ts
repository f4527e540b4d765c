/** Field protocols behind their port: a new one is a file and a line of the table, here a line of the test's own table. */
import type { AssignedDevice, Observation } from '@hub/contracts'
import { checkConfig, createManualClock, type Log, silentLog } from '@hub/platform'
import { expect, onTestFinished, test } from 'vitest'
import { GatewayConfig } from '../config.ts'
import { createLoginBudgets } from '../login/index.ts'
import { scratchFolder } from '../spool/fixtures.ts'
import type { FieldContext, FieldProtocol } from './adapter.ts'
import { createAdapters } from './adapters.ts'
import { createFieldAdapters } from './index.ts'
import { mqttSensors } from './mqtt-sensors.ts'

const camera: AssignedDevice = {
  kind: 'camera',
  id: '43040500001310000001',
  xaddr: 'http://127.0.0.1:9/onvif/device_service',
  credential: 'yard',
  every: 30_000,
}
const sensor: AssignedDevice = {
  kind: 'sensor',
  id: '43040500001320000001',
  passwordHash: 'a'.repeat(64),
  every: 60_000,
}

function testContext() {
  const clock = createManualClock()
  const emitted: Observation[] = []
  const logged: string[] = []
  const log = Object.assign(Object.create(silentLog), {
    warn: (_: unknown, text: string) => void logged.push(text),
  }) as Log
  const context: FieldContext = {
    clock,
    log,
    random: () => 0.5,
    config: checkConfig(GatewayConfig, {
      id: '43040500002000000001',
      data: scratchFolder(),
      uplink: { url: 'mqtt://127.0.0.1:1', password: 'x' },
      field: { port: 0 },
      discovery: { interfaces: ['127.0.0.1'], multicast: false },
    }),
    logins: createLoginBudgets({ clock }),
    isBlind: () => false,
    wasLate: () => false,
    emit: async (observation) => void emitted.push(observation),
    found: () => {},
    identified: () => {},
  }
  return { context, clock, emitted, logged }
}

/** A protocol of which only its shape is real, and what became of it. */
function scripted(name: string, more: { serves?: FieldProtocol['serves']; found?: number; fails?: boolean } = {}) {
  const did: string[] = []
  const protocol: FieldProtocol<Record<string, number>> = {
    name,
    serves: more.serves ?? (() => false),
    create: ({ emit, clock }) => ({
      async start() {
        if (more.fails) throw new Error('the port is taken')
        did.push('start')
      },
      apply: ({ put, drop }) => void did.push(`put ${put.map(({ id }) => id).join()} drop ${drop.join()}`),
      stop: async () => void did.push('stop'),
      commands: {
        probe: async (device) => {
          await emit({ device, at: clock.now(), kind: 'probe', verdict: 'pass', rung: 'answers', every: 1_000 })
          return name
        },
        explain: async (device) => ({ device, by: name }),
      },
      ...(more.found !== undefined && {
        discovery: {
          now: async () => ({ found: more.found! }),
          add: async (xaddr) => ({
            endpoint: xaddr,
            address: '10.0.0.1',
            xaddrs: [xaddr],
            quarantine: 'new',
            seenAt: 0,
          }),
          progress: () => ({ asked: 1, toAsk: 2, found: more.found!, startedAt: 10 * more.found!, endedAt: null }),
        },
      }),
      stats: () => ({ [name]: 1 }),
      fillMetrics: ({ gauge }) => gauge(`gateway_${name}`, 'One', 1),
    }),
  }
  return { protocol, did }
}

test('each device goes to the protocol that serves it, and its commands with it', async () => {
  const { context, emitted, logged } = testContext()
  const [a, b] = [
    scripted('a', { serves: ({ kind }) => kind === 'camera' }),
    scripted('b', { serves: ({ id }) => id === sensor.id }),
  ]
  const adapters = createAdapters<Record<string, number>>([a.protocol, b.protocol], context)
  const stranger = { ...sensor, id: '43040500001320000009' }
  adapters.apply({ put: [camera, sensor, stranger], drop: [] })
  expect([a.did, b.did]).toEqual([[`put ${camera.id} drop `], [`put ${sensor.id} drop `]])
  expect(logged).toEqual(['no protocol serves an assigned device'])
  expect(await adapters.commandsOf(camera.id)?.probe?.(camera.id, {}, '')).toBe('a')
  expect(emitted.map(({ device }) => device)).toEqual([camera.id])
  expect(await adapters.explain(sensor.id)).toEqual({ device: sensor.id, by: 'b' })
  expect(adapters.commandsOf(stranger.id)).toBeUndefined()
  await expect(adapters.explain(stranger.id)).rejects.toMatchObject({ code: 'device.unknown' })
  adapters.apply({ put: [], drop: [camera.id, stranger.id] })
  expect([a.did.at(-1), adapters.commandsOf(camera.id)]).toEqual([`put  drop ${camera.id}`, undefined])
  // What is not named is not touched.
  expect([b.did.length, adapters.commandsOf(sensor.id)]).toEqual([1, expect.anything()])
  // Another kind of device under the same id goes to another protocol.
  adapters.apply({ put: [{ ...camera, id: sensor.id, kind: 'camera' }], drop: [] })
  expect([a.did.at(-1), b.did.at(-1)]).toEqual([`put ${sensor.id} drop `, `put  drop ${sensor.id}`])
  expect(adapters.stats()).toEqual({ a: 1, b: 1 })
  const gauges: string[] = []
  adapters.fillMetrics({ gauge: (name) => void gauges.push(name), counter: () => {}, counters: () => {} })
  expect(gauges).toEqual(['gateway_a', 'gateway_b'])
})

test('they start in order, and stop in the other, also those that did not start', async () => {
  const { context } = testContext()
  const parts = [scripted('a'), scripted('b', { fails: true }), scripted('c')]
  const adapters = createAdapters(
    parts.map(({ protocol }) => protocol),
    context,
  )
  await expect(adapters.start()).rejects.toThrow('the port is taken')
  await adapters.stop()
  expect(parts.map(({ did }) => did)).toEqual([['start', 'stop'], ['stop'], ['stop']])
})

test('searches are one: counts added, begun with the first and running until the last has ended', async () => {
  const { context } = testContext()
  const of = (...protocols: ReturnType<typeof scripted>[]) =>
    createAdapters(
      protocols.map(({ protocol }) => protocol),
      context,
    )
  const two = of(scripted('a', { found: 3 }), scripted('quiet'), scripted('b', { found: 4 }))
  expect(await two.discover()).toEqual({ found: 7 })
  expect(two.discovery()).toEqual({ asked: 2, toAsk: 4, found: 7, startedAt: 30, endedAt: null })
  expect(of(scripted('quiet')).discovery()).toBeUndefined()
})

test('a protocol is added by one entry of the table: it runs beside the real ones', async () => {
  const { context } = testContext()
  const { protocol, did } = scripted('hj212', { serves: () => false })
  const adapters = createAdapters<Record<string, unknown>>([mqttSensors, protocol], context)
  onTestFinished(() => adapters.stop())
  await adapters.start()
  adapters.apply({ put: [sensor], drop: [] })
  expect(adapters.portOf('mqtt-sensors')).toBeGreaterThan(0)
  expect(adapters.stats()).toMatchObject({ field: { sensors: 1 }, hj212: 1 })
  expect(did).toEqual(['start'])
})

test('the protocols in force serve every kind of device', async () => {
  const { context, logged } = testContext()
  const adapters = createFieldAdapters(context)
  onTestFinished(() => adapters.stop())
  adapters.apply({ put: [camera, sensor], drop: [] })
  expect(logged).toEqual(['the assignment names a login that is not configured'])
  expect(adapters.stats()).toMatchObject({ probe: { cameras: 1 }, field: { sensors: 1 }, events: {}, discovery: {} })
  expect(Object.keys(adapters.commandsOf(camera.id) ?? {})).toEqual([
    'probe',
    'identify',
    'ptz-presets',
    'ptz-goto',
    'ptz-status',
    'snapshot',
    'explain',
    'accept-certificate',
  ])
  expect(Object.keys(adapters.commandsOf(sensor.id) ?? {})).toEqual(['explain', 'field-command'])
  expect(await adapters.explain(sensor.id)).toMatchObject({ kind: 'sensor', device: sensor.id, heardAt: null })
})
