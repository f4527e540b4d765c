/** A device as its gateway sees it, asked over the bus. */
import { Command, type Explanation, type SensorExplanation, topic, topicFilter } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { camera, cameraA, gatewayA, type Hub, sensorA, startHub } from '../../../hub/src/testing/hub.ts'
import type { GatewaysData } from '../tables.ts'

const at = 1_800_000_000_000
const explanation: Explanation = {
  device: cameraA,
  at,
  xaddr: 'http://127.11.0.5:8000/onvif/device_service',
  host: '127.11.0.5',
  moved: false,
  blind: false,
  schedule: { every: 30_000, nextAt: at + 9, wrong: 1, dead: 0 },
  clockOffsetMs: null,
  rungs: [],
  policy: {
    timeoutMs: 5_000,
    connectMs: 2_500,
    maxBytes: 524_288,
    slowMs: 2_000,
    clockMs: 30_000,
    authenticateEvery: 10,
    describeEvery: 20,
  },
  credential: {
    name: 'main',
    configured: true,
    scheme: 'digest',
    device: { tries: 2, triesLeft: 1 },
    stream: { tries: 2, triesLeft: 2 },
  },
  probes: [{ at, ms: 12, verdict: 'degraded', rung: 'authenticated', reason: 'unauthorised' }],
  exchanges: [{ at, ms: 12, asked: 'GetDeviceInformation', login: 'digest', status: 401, bytes: 16 }],
  watchedUntil: at + 600_000,
}
const ofSensor: SensorExplanation = {
  kind: 'sensor',
  device: sensorA,
  at,
  connected: 0,
  every: 10_000,
  heardAt: null,
  missed: 3,
  clock: { offsetMs: 0, lateSince: null },
  messages: { taken: 1, held: 0, unread: 1 },
  refusals: [{ reason: 'bad user or password', firstAt: at - 9, lastAt: at, count: 4 }],
  unread: [{ reason: 'body: must be JSON', payload: '{', firstAt: at, lastAt: at, count: 1 }],
}
let hub: Hub
let refuses = false
let result: object = explanation
beforeAll(async () => {
  hub = await startHub()
  await hub.importRecords([camera(cameraA), camera(sensorA, { kind: 'sensor' })])
  await hub.bus.subscribe(topicFilter('commands'), async ({ payload }) => {
    const { id, name, device } = Command.parse(JSON.parse(payload.toString()))
    const head = { v: 1, id, gateway: gatewayA, at }
    const failure = { ok: false, error: { code: 'request.invalid', message: `${name} is for cameras` } }
    const known = device === sensorA ? ofSensor : result
    const answer = refuses ? failure : { ok: true, result: known }
    await hub.bus.deliver(topic('replies', { gateway: gatewayA }), { ...head, ...answer })
  })
})
afterAll(() => hub.stop())
const ask = (id: string) => hub.ask('cmdr', 'explain', { params: { id } })

it('without a gateway there is nobody to ask', async () => {
  const { status, json } = await ask(cameraA)
  expect([status, json.detail]).toEqual([502, 'the command explain failed: the device has no gateway yet'])
})

it('the gateway answers, and who may view may read it', async () => {
  const bound = { endpoint: null, xaddr: null, credential: null, identity: null, every_ms: 30_000 }
  await tablesOf<GatewaysData>(hub.record)
    .db.insertInto('device_binding')
    .values({ device: cameraA, gateway: gatewayA, ...bound })
    .execute()
  const { status, json } = await ask(cameraA)
  expect([status, json]).toEqual([200, { gateway: gatewayA, at, explanation }])
})

it('what a gateway says beside the schema goes no further', async () => {
  for (const odd of [{ ...explanation, password: 'x' }, { ...explanation, device: sensorA }, {}]) {
    result = odd
    const { status, json, text } = await ask(cameraA)
    expect([status, json.detail]).toEqual([502, 'the command explain failed: the gateway answers something else'])
    expect(text).not.toContain('password')
  }
})

it('a sensor is explained, too', async () => {
  const { status, json } = await ask(sensorA)
  expect([status, json.explanation]).toEqual([200, ofSensor])
})

it('a refusal of the gateway is told', async () => {
  refuses = true
  expect((await ask(sensorA)).json.detail).toBe('the command explain failed: explain is for cameras')
})
