/** What happened to a device beside its state, and where it differs from its record. */
import { type DeviceEvent, topic } from '@hub/contracts'
import { type GatewaysData, putFound } from '@hub/gateways'
import { tablesOf } from '@hub/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GatewaysTables } from '../../../gateways/src/tables.ts'
import { camera, cameraA, cameraB, gatewayA, type Hub, startHub } from '../../../hub/src/testing/hub.ts'
import type { IngestTables } from '../tables.ts'

let hub: Hub
const at = 1_800_000_000_000
const event = (n: number, more: Partial<DeviceEvent> = {}): DeviceEvent => ({
  v: 1,
  device: cameraA,
  district: '430405',
  at: at + n,
  kind: 'firmware',
  from: String(n),
  to: String(n + 1),
  ...more,
})
const row = ({ device, at, kind, source = '', from, to }: DeviceEvent) => ({
  device,
  at,
  kind,
  source,
  from_value: from,
  to_value: to,
})
beforeAll(async () => {
  hub = await startHub()
  const recorded = { manufacturer: '海康威视', model: 'DS-1', resolution: '1920x1080', mac: '44:19:b6:00:00:01' }
  await hub.importRecords([camera(cameraA, { ...recorded, encodeType: 'H.265' }), camera(cameraB)])
})
afterAll(() => hub.stop())
const events = async (query = '') => (await hub.ask('oper', 'events', { params: { id: cameraA }, query })).json.events

it('events are listed newest first, in pages', async () => {
  const noticed = event(2, { kind: 'motion', from: null, to: 'active', source: 'V1' })
  const { db } = tablesOf<IngestTables & GatewaysTables>(hub.record)
  await db.insertInto('device_event').values(row(noticed)).execute()
  const identities = [event(0), event(1), event(1, { device: cameraB })]
  await db.insertInto('identity_event').values(identities.map(row)).execute()
  expect(await events()).toEqual([noticed, event(1), event(0)])
  expect(await events('?limit=1')).toEqual([noticed])
  expect(await events(`?before=${at + 2}&limit=1`)).toEqual([event(1)])
})

it('each is streamed as it comes, to who may see its district', async () => {
  const streams = [await hub.openStream('oper-a'), await hub.openStream('oper-b')] as const
  for (const stream of streams) await expect.poll(() => stream.of('snapshot').length).toBe(1)
  for (const n of [7, 8]) await hub.bus.deliver(topic('events', { district: '430405' }), event(n))
  await hub.bus.deliver(topic('events', { district: '430405' }), { ...event(9), kind: 'rain' })
  await hub.clock.advanceAsync(1_000)
  await expect.poll(() => streams[0].of('event').length).toBe(2)
  expect(streams[0].of('event')).toEqual([event(7), event(8)])
  expect(streams[1].of('event')).toEqual([])
  for (const stream of streams) await stream.close()
})

it('a device is held against its record: what it says of itself, and what it claimed when it was found', async () => {
  const before = (await hub.ask('oper', 'device', { params: { id: cameraA } })).json
  expect([before.differences, before.clockOffsetMs]).toEqual([[], null])
  const identity = {
    device: cameraA,
    at,
    manufacturer: 'HIKVISION',
    model: 'DS-2',
    width: 1280,
    height: 720,
    codec: 'HEVC',
  }
  const look = (n: number, values?: object) => ({
    device: cameraA,
    at: at + n,
    kind: 'probe',
    verdict: 'pass',
    rung: 'answers',
    every: 30_000,
    ...(values && { values }),
  })
  const recent = [look(3), look(2, { clockOffsetMs: -4_200 }), look(1, { clockOffsetMs: 9 })]
  await hub.record.db
    .insertInto('device_state')
    .values({
      device: cameraA,
      state: 'up',
      since: at,
      rule: '{"id":"never-seen","count":0,"needed":0,"firstAt":null,"lastAt":null}',
      last_at: at,
      recent: JSON.stringify(recent),
      health: null,
      applied: null,
    })
    .execute()
  const xaddrs = ['http://127.11.0.5:8000/onvif/device_service']
  const claimed = { endpoint: 'urn:a', address: '127.11.0.5', xaddrs, quarantine: 'new' as const, seenAt: at }
  const gateways = tablesOf<GatewaysData>(hub.record).db
  await putFound(gateways, gatewayA, [{ ...claimed, mac: '4419B6000002' }], at)
  await hub.ask('oper', 'approve', { body: { approve: [{ endpoint: 'urn:a', device: cameraA }] } })
  await gateways
    .updateTable('device_binding')
    .set({ identity: JSON.stringify(identity) })
    .where('device', '=', cameraA)
    .execute()
  const { json } = await hub.ask('oper', 'device', { params: { id: cameraA } })
  expect(json.differences).toEqual([
    { field: 'model', recorded: 'DS-1', found: 'DS-2' },
    { field: 'mac', recorded: '44:19:b6:00:00:01', found: '4419B6000002' },
    { field: 'resolution', recorded: '1920x1080', found: '1280x720' },
  ])
  expect(json.clockOffsetMs).toBe(-4_200)
})
