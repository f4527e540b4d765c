import type { FoundDevice, GatewayStatus } from '@hub/contracts'
import { addHash, bucketOf, digestText, foundHash, hashText, identityHash, inventoryBuckets } from '@hub/core'
import { sha256, tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type RunningCentre, runCentre } from '../../ingest/src/testing/centre.ts'
import { deviceId, gateway, otherGateway, t0 } from '../../ingest/src/testing/rig.ts'
import { gatewaysModule } from './module.ts'
import { keepPending } from './pending.ts'
import type { GatewaysData } from './tables.ts'

const camera = deviceId(1)
const sensor = deviceId(2)
const soon = { timeout: 5_000, interval: 10 }
const status = (more: Partial<GatewayStatus> = {}): GatewayStatus => ({
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
  ...more,
})
const found = (more: Partial<FoundDevice> = {}): FoundDevice => ({
  endpoint: 'urn:uuid:1',
  address: '127.11.0.1',
  xaddrs: ['http://127.11.0.1:8000/onvif/device_service'],
  project: 'sims',
  quarantine: 'new',
  seenAt: t0,
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
  centre.record.sqlite.exec(
    `UPDATE device SET ip_address = '127.11.0.1', record = json_set(record, '$.ipAddress', '127.11.0.1') WHERE id = '${camera}'`,
  )
  centre.record.sqlite.exec(`UPDATE device SET kind = 'sensor' WHERE id = '${sensor}'`)
  centre.record.sqlite.exec(
    `INSERT INTO device_binding (device, gateway, every_ms) VALUES ('${sensor}', '${gateway}', 30000)`,
  )
  centre.record.sqlite.exec(`INSERT INTO sensor_credential VALUES ('${sensor}', '${'a'.repeat(64)}', 0)`)
  await centre.changeRegistry()
  await vi.waitFor(() => expect(inForce().version).toBe(1), soon)
})
afterEach(() => centre.stop())

const row = <T>(sql: string) => centre.record.sqlite.prepare(sql).get() as T
const statusOf = (id: string) =>
  row<{ status: string | null; last_seen_at: number | null }>(
    `SELECT status, last_seen_at FROM gateway WHERE id = '${id}'`,
  )
const inForce = () =>
  row<{ version: number; digest: string }>(
    `SELECT assignment_version AS version, assignment_digest AS digest FROM gateway WHERE id = '${gateway}'`,
  )
const sensorAssigned = { kind: 'sensor', id: sensor, passwordHash: 'a'.repeat(64), every: 30_000 }
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

test('a gateway is sent what has changed since the version that it holds, and nothing once it holds what is in force', async () => {
  await centre.say('status', status())
  await vi.waitFor(() => expect(centre.of('assignment')).toHaveLength(1), soon)
  const { version, digest } = inForce()
  expect(centre.of('assignment')).toEqual([
    { v: 2, gateway, from: 0, to: version, put: [sensorAssigned], drop: [], digest },
  ])
  centre.clock.advance(1)
  await centre.say('status', status({ assignment: version, holds: { digest } }))
  await vi.waitFor(() => expect(statusOf(gateway).last_seen_at).toBe(t0 + 1), soon)
  centre.clock.advance(600_000)
  await centre.say('status', status({ assignment: version, holds: { digest } }))
  await vi.waitFor(() => expect(statusOf(gateway).last_seen_at).toBe(t0 + 600_001), soon)
  await centre.say('status', status({ online: false, spooled: 1 }))
  await vi.waitFor(() => expect(JSON.parse(statusOf(gateway).status!).spooled).toBe(1), soon)
  expect(centre.of('assignment')).toHaveLength(1)
})

test('a gateway of before deltas does not answer to one: it is sent the whole list, until it holds it', async () => {
  await centre.say('status', status())
  await vi.waitFor(() => expect(centre.of('assignment')).toHaveLength(1), soon)
  for (let n = 0; n < 4; n++) {
    await centre.clock.advanceAsync(5_000)
    await centre.say('status', status({ spooled: n }))
    await vi.waitFor(() => expect(JSON.parse(statusOf(gateway).status!).spooled).toBe(n), soon)
  }
  const whole = () => centre.of('assignment').filter(({ v }) => v === 1)
  const { version } = inForce()
  await vi.waitFor(() => expect(whole()).toEqual([{ v: 1, gateway, version, devices: [sensorAssigned] }]), soon)
  await centre.say('status', status({ assignment: version, spooled: 8 }))
  await vi.waitFor(() => expect(JSON.parse(statusOf(gateway).status!).spooled).toBe(8), soon)
  centre.clock.advance(600_000)
  await centre.say('status', status({ assignment: version, spooled: 9 }))
  await vi.waitFor(() => expect(JSON.parse(statusOf(gateway).status!).spooled).toBe(9), soon)
  expect(whole()).toHaveLength(1)
})

/** As a gateway that takes deltas and has taken all. */
const inStep = async () => {
  await centre.say('status', status())
  await vi.waitFor(() => expect(centre.of('assignment')).toHaveLength(1), soon)
  const { version, digest } = inForce()
  await centre.say('status', status({ assignment: version, holds: { digest }, spooled: 77 }))
  await vi.waitFor(() => expect(JSON.parse(statusOf(gateway).status!).spooled).toBe(77), soon)
  centre.got.length = 0
  return version
}

test('demo: a found camera of the project that matches a record is approved and assigned at once', async () => {
  const before = await inStep()
  await centre.say('inventory', inventory([found()]))
  await vi.waitFor(() => expect(centre.of('assignment')).toHaveLength(1), soon)
  const assigned = {
    kind: 'camera',
    id: camera,
    xaddr: found().xaddrs[0],
    endpoint: found().endpoint,
    credential: 'sims',
    every: 30_000,
  }
  expect(centre.of('assignment')[0]).toMatchObject({ from: before, to: before + 1, put: [assigned], drop: [] })
  expect(discovered()).toMatchObject({ status: 'approved', device: camera })
  // Found again: it stays approved, and nothing is assigned anew.
  await centre.say('inventory', inventory([found({ seenAt: t0 + 600_000 })]))
  await vi.waitFor(
    () => expect(discovered()).toMatchObject({ seen_at: t0 + 600_000, first_seen_at: t0, status: 'approved' }),
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
  expect(row(`SELECT * FROM device_binding WHERE device = '${camera}'`)).toBeUndefined()
})

test('demo: a record that is imported after its camera was found is approved when the registry says so', async () => {
  await centre.say('inventory', inventory([found({ address: '127.11.0.5' })]))
  await vi.waitFor(() => expect(discovered()).toMatchObject({ status: 'waiting' }), soon)
  centre.record.sqlite.exec(
    `UPDATE device SET ip_address = '127.11.0.5', record = json_set(record, '$.ipAddress', '127.11.0.5') WHERE id = '${camera}'`,
  )
  await centre.changeRegistry()
  await vi.waitFor(() => expect(discovered()).toMatchObject({ status: 'approved', device: camera }), soon)
})

test('demo: everything that waits is queued where nobody has kept the queue before', async () => {
  await centre.say('inventory', inventory([found()]))
  await vi.waitFor(() => expect(discovered()?.status).toBe('approved'), soon)
  const marks = () => centre.record.sqlite.prepare("SELECT key, value FROM setting WHERE room = 'gateways'").all()
  expect(marks()).toMatchObject([{ key: 'pending-kept-for', value: 'sims' }])
  const { db } = tablesOf<GatewaysData>(centre.record)
  await db.updateTable('discovered').set({ status: 'waiting', device: null }).execute()
  const record = tablesOf<GatewaysData>(centre.record)
  const queue = () => row<{ n: number }>('SELECT count(*) AS n FROM discovered_pending').n
  await keepPending(record, 'sims')
  expect(queue()).toBe(0)
  await keepPending(record, undefined)
  expect([queue(), marks()]).toEqual([0, []])
  await keepPending(record, 'sims')
  expect(queue()).toBe(1)
})

test('a sensor that is registered gets the gateway of its district, and its gateway a new assignment', async () => {
  const late = '43040600001340000009'
  const before = await inStep()
  const copy = 'application, carrier, point_type, stage, name, address, record, updated_at'
  centre.record.sqlite.exec(
    `INSERT INTO device (id, district, kind, ${copy}) SELECT '${late}', '430406', kind, ${copy} FROM device WHERE id = '${sensor}'`,
  )
  centre.record.sqlite.exec(`INSERT INTO sensor_credential VALUES ('${late}', '${'b'.repeat(64)}', 0)`)
  await centre.changeRegistry()
  await vi.waitFor(() => expect(centre.of('assignment')).toHaveLength(1), soon)
  const put = [{ kind: 'sensor', id: late, passwordHash: 'b'.repeat(64), every: 30_000 }]
  expect(centre.of('assignment')[0]).toMatchObject({ from: before, to: before + 1, put, drop: [] })
})

test('an identity is taken from the gateway that watches the device, and from no other', async () => {
  const identity = { device: sensor, at: t0, model: 'M1' }
  await centre.say(
    'inventory',
    { ...inventory([], [{ ...identity, model: 'forged' }]), gateway: otherGateway },
    otherGateway,
  )
  await centre.say('inventory', inventory([], [identity]))
  const stored = () =>
    row<{ identity: string | null }>(`SELECT identity FROM device_binding WHERE device = '${sensor}'`).identity
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
  expect(row('SELECT count(*) AS n FROM identity_event')).toEqual({ n: 3 })
})

describe('an inventory that is told again', () => {
  const strangers = [1, 2, 3].map((n) => found({ endpoint: `urn:${n}`, address: `10.0.0.${n}` }))
  const identity = { device: sensor, at: t0, model: 'M1' }
  const all = () =>
    centre.record.sqlite.prepare('SELECT endpoint, hash, seen_at FROM discovered ORDER BY endpoint').all()
  const writes = () => row<{ n: number }>('SELECT total_changes() AS n').n
  const identified = () =>
    row<{ identity: string | null }>(`SELECT identity FROM device_binding WHERE device = '${sensor}'`).identity
  beforeEach(async () => {
    await centre.say('inventory', inventory(strangers, [identity]))
    await vi.waitFor(() => expect(identified()).not.toBeNull(), soon)
    await vi.waitFor(() => expect(row('SELECT count(*) AS n FROM discovered_pending')).toEqual({ n: 0 }), soon)
  })
  /** Messages of a gateway are taken one after another: once the last one, which is none, is put aside, so are those before. */
  const sayAndWait = async (...messages: object[]) => {
    const before = centre.deadLetters().length
    for (const message of messages) await centre.say('inventory', message)
    await centre.say('inventory', Buffer.from('{'))
    await vi.waitFor(() => expect(centre.deadLetters().length).toBe(before + 1), soon)
  }
  const digestOf = (hashes: readonly number[]) => {
    const totals = Array<number>(inventoryBuckets).fill(0)
    for (const hash of hashes) totals[bucketOf(hash)] = addHash(totals[bucketOf(hash)]!, hash)
    return digestText(totals)
  }

  test('and says nothing new is not written', async () => {
    const rows = all()
    const written = async (message: object) => {
      const before = writes()
      await sayAndWait(message)
      return writes() - before - 1
    }
    const again = strangers.map((each) => ({ ...each, seenAt: t0 + 60_000 }))
    expect(await written(inventory(again, [identity]))).toBe(0)
    expect(all()).toEqual(rows)
    expect(await written(inventory([{ ...strangers[1]!, seenAt: t0 + 300_000 }], [identity]))).toBe(1)
    expect(all()[1]).toMatchObject({ seen_at: t0 + 300_000 })
  })

  test('and is all there by its digest is not asked for', async () => {
    const digest = {
      found: digestOf(strangers.map((each) => foundHash(each, sha256))),
      identified: digestOf([identityHash(identity, sha256)]),
    }
    await sayAndWait({ ...inventory([]), digest })
    expect(centre.of('inventoryWanted')).toEqual([])
  })

  test('and lacks something by its digest is asked for where it differs, with what is held there', async () => {
    const lost = found({ endpoint: 'urn:lost' })
    const hashes = [...strangers, lost].map((each) => foundHash(each, sha256))
    const digest = { found: digestOf(hashes), identified: digestOf([identityHash(identity, sha256)]) }
    await centre.say('inventory', { ...inventory([]), digest })
    await vi.waitFor(() => expect(centre.of('inventoryWanted')).toHaveLength(1), soon)
    const bucket = bucketOf(hashes[3]!)
    const held = hashes.slice(0, 3).filter((hash) => bucketOf(hash) === bucket)
    expect(centre.of('inventoryWanted')).toEqual([
      { v: 1, gateway, found: [{ bucket, held: held.map(hashText) }], identified: [] },
    ])
    await sayAndWait({ ...inventory([lost]), digest })
    expect(centre.of('inventoryWanted')).toHaveLength(1)
  })
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
