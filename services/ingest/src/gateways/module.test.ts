import type { FoundDevice, GatewayStatus } from '@hub/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type RunningCentre, runCentre } from '../testing/centre.ts'
import { deviceId, gateway, otherGateway, t0 } from '../testing/rig.ts'
import { gatewaysModule } from './module.ts'

const camera = deviceId(1)
const sensor = deviceId(2)
const soon = { timeout: 5_000, interval: 10 }
const status = (more: Partial<GatewayStatus> = {}): GatewayStatus => ({
  ...{
    v: 1,
    gateway,
    online: true,
    at: t0,
    version: '1',
    assignment: 0,
    devices: 0,
    spooled: 0,
    clockOffsetMs: 3,
    blind: false,
  },
  ...more,
})
const found = (more: Partial<FoundDevice> = {}): FoundDevice => ({
  ...{ endpoint: 'urn:uuid:1', address: '127.11.0.1', xaddrs: ['http://127.11.0.1:8000/onvif/device_service'] },
  ...{ project: 'sims', quarantine: 'new', seenAt: t0 },
  ...more,
})
const inventory = (devices: FoundDevice[], identified: object[] = []) => ({
  v: 1,
  gateway,
  at: t0,
  found: devices,
  identified,
})

let centre: RunningCentre
beforeEach(async () => {
  centre = await runCentre([gatewaysModule], [camera, sensor], { demo: { approveProject: 'sims', credential: 'sims' } })
  centre.record.sqlite.exec(`UPDATE device SET ip_address = '127.11.0.1' WHERE id = '${camera}'`)
  centre.record.sqlite.exec(`UPDATE device SET kind = 'sensor', gateway = '${gateway}' WHERE id = '${sensor}'`)
  centre.record.sqlite.exec(`INSERT INTO sensor_credential VALUES ('${sensor}', '${'a'.repeat(64)}', 0)`)
})
afterEach(() => centre.stop())

const row = <T>(sql: string) => centre.record.sqlite.prepare(sql).get() as T
const statusOf = (id: string) =>
  row<{ status: string | null; last_seen_at: number | null }>(
    `SELECT status, last_seen_at FROM gateway WHERE id = '${id}'`,
  )
const discovered = () =>
  row<{ status: string; device: string | null; first_seen_at: number; seen_at: number }>('SELECT * FROM discovered')

test('what a gateway says of itself is kept, with when the centre heard it', async () => {
  centre.clock.advance(500)
  await centre.say('status', status({ spooled: 7 }))
  await vi.waitFor(() => expect(statusOf(gateway).last_seen_at).toBe(t0 + 500), soon)
  expect(JSON.parse(statusOf(gateway).status!)).toEqual(status({ spooled: 7 }))
  await centre.say('status', status({ online: false }))
  await vi.waitFor(() => expect(JSON.parse(statusOf(gateway).status!).online).toBe(false), soon)
})

test('a gateway that holds another version is sent the assignment in force, one that holds it is not', async () => {
  centre.record.sqlite.exec('UPDATE gateway SET assignment_version = 4')
  await centre.say('status', status())
  await vi.waitFor(() => expect(centre.of('assignment')).toHaveLength(1), soon)
  const [assignment] = centre.of('assignment')
  expect(assignment!.version).toBe(4)
  expect(assignment!.devices).toEqual([{ kind: 'sensor', id: sensor, passwordHash: 'a'.repeat(64), every: 30_000 }])
  centre.clock.advance(1)
  await centre.say('status', status({ assignment: 4 }))
  await vi.waitFor(() => expect(statusOf(gateway).last_seen_at).toBe(t0 + 1), soon)
  await centre.say('status', status({ online: false, spooled: 1 }))
  await vi.waitFor(() => expect(JSON.parse(statusOf(gateway).status!).spooled).toBe(1), soon)
  expect(centre.of('assignment')).toHaveLength(1)
})

test('demo: a found camera of the project that matches a record is approved and assigned at once', async () => {
  await centre.say('inventory', inventory([found()]))
  await vi.waitFor(() => expect(centre.of('assignment')).toHaveLength(1), soon)
  expect(centre.of('assignment')[0]!.devices).toContainEqual({
    ...{
      kind: 'camera',
      id: camera,
      xaddr: found().xaddrs[0],
      endpoint: found().endpoint,
      credential: 'sims',
      every: 30_000,
    },
  })
  expect(discovered()).toMatchObject({ status: 'approved', device: camera })
  // Found again: it stays approved, and nothing is assigned anew.
  await centre.say('inventory', inventory([found({ seenAt: t0 + 60_000 })]))
  await vi.waitFor(
    () => expect(discovered()).toMatchObject({ seen_at: t0 + 60_000, first_seen_at: t0, status: 'approved' }),
    soon,
  )
  expect(centre.of('assignment')).toHaveLength(1)
})

test('demo: what is suspicious, of another project or in no record waits for an operator', async () => {
  const waiting = [
    found({ endpoint: 'urn:1', quarantine: 'xaddr-host-differs' }),
    found({ endpoint: 'urn:2', project: 'other' }),
    found({ endpoint: 'urn:3', address: '127.11.0.9' }),
  ]
  await centre.say('inventory', inventory(waiting))
  const count = () => row<{ n: number }>(`SELECT count(*) AS n FROM discovered WHERE status = 'waiting'`).n
  await vi.waitFor(() => expect(count()).toBe(3), soon)
  expect(row(`SELECT gateway, xaddr FROM device WHERE id = '${camera}'`)).toEqual({ gateway: null, xaddr: null })
})

test('demo: a record that is imported after its camera was found is approved when the registry says so', async () => {
  await centre.say('inventory', inventory([found({ address: '127.11.0.5' })]))
  await vi.waitFor(() => expect(discovered()).toMatchObject({ status: 'waiting' }), soon)
  centre.record.sqlite.exec(`UPDATE device SET ip_address = '127.11.0.5' WHERE id = '${camera}'`)
  await centre.changeRegistry()
  await vi.waitFor(() => expect(discovered()).toMatchObject({ status: 'approved', device: camera }), soon)
})

test('an identity is taken from the gateway that watches the device, and from no other', async () => {
  const identity = { device: sensor, at: t0, model: 'M1' }
  await centre.say(
    'inventory',
    { ...inventory([], [{ ...identity, model: 'forged' }]), gateway: otherGateway },
    otherGateway,
  )
  await centre.say('inventory', inventory([], [identity]))
  const stored = () => row<{ identity: string | null }>(`SELECT identity FROM device WHERE id = '${sensor}'`).identity
  await vi.waitFor(() => expect(JSON.parse(stored()!)).toEqual(identity), soon)
})

test('another firmware or picture than before is an event: once in the record, on the bus of its district', async () => {
  const identity = { device: sensor, at: t0 - 10, model: 'M1', firmware: '1.0', width: 1280, height: 720 }
  await centre.say('inventory', inventory([], [identity]))
  const changed = { ...identity, at: t0, firmware: '1.1', width: 1920, height: 1080 }
  await centre.say('inventory', inventory([], [changed]))
  // The whole inventory is told again when the centre was away.
  await centre.say('inventory', inventory([], [changed]))
  await centre.say(
    'inventory',
    inventory([], [{ ...identity, at: t0 + 5, firmware: '1.2', width: 1920, height: 1080 }]),
  )
  await vi.waitFor(() => expect(centre.of('events')).toHaveLength(3), soon)
  const head = { v: 1, device: sensor, district: '430405' }
  expect(centre.of('events')).toEqual([
    { ...head, at: t0, kind: 'firmware', from: '1.0', to: '1.1' },
    { ...head, at: t0, kind: 'resolution', from: '1280x720', to: '1920x1080' },
    // A gateway's clock that runs ahead does not make an event of the future.
    { ...head, at: t0, kind: 'firmware', from: '1.1', to: '1.2' },
  ])
  expect(row('SELECT count(*) AS n FROM device_event')).toEqual({ n: 3 })
})

test('what is not valid becomes a dead letter with the reason', async () => {
  await centre.say('status', { ...status(), spooled: -1 })
  await centre.say('status', status({ gateway: otherGateway }))
  await centre.say('inventory', Buffer.from('{'))
  const at = (name: string) => `hub/v1/gateways/${gateway}/${name}`
  await vi.waitFor(() => expect(centre.deadLetters()).toHaveLength(3), soon)
  expect(centre.deadLetters().sort()).toEqual([
    expect.stringContaining(`${at('inventory')}: body: not JSON: `),
    `${at('status')}: gateway: is ${otherGateway}`,
    `${at('status')}: spooled: Too small: expected number to be >=0`,
  ])
  expect(statusOf(gateway).status).toBeNull()
  expect(statusOf(otherGateway).status).toBeNull()
})
