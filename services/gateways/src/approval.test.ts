import type { DistrictCode, FoundDevice } from '@hub/contracts'
import { checkConfig, sha256, tablesOf } from '@hub/platform'
import { describe, expect, it } from 'vitest'
import { HubConfig } from '../../hub/src/config.ts'
import { openRecord } from '../../hub/src/testing/record.ts'
import { approve } from './approval.ts'
import { readAssigned, readInForce } from './assigned.ts'
import { listDiscovered, listPlanned } from './discovered.ts'
import { putFound } from './put-found.ts'
import { issueSensorPasswords } from './sensor-credentials.ts'
import { putGatewayStatus, putGateways } from './store.ts'
import type { GatewaysData, GatewaysDb } from './tables.ts'
import { assignSensors, takeRegistryChanges } from './take-registry-change.ts'

const east = '43040500002000000001'
const west = '43042100002000000002'
const camera = '43040500001320000001'
const sensor = '43040500001190000001'
const now = 1_800_000_000_000

const gateway = (id: string, districts: DistrictCode[]) => ({ id, name: id, districts, passwordHash: sha256(id) })
const config = checkConfig(HubConfig, {
  gateways: [gateway(east, ['430405', '430406']), gateway(west, ['430421'])],
})

const device = (over: object) => ({
  id: camera,
  district: '430405',
  kind: 'camera',
  application: 'safe-city',
  carrier: 'telecom',
  point_type: '1',
  project: null,
  stage: 'in-service',
  name: 'a',
  address: 'b',
  longitude: null,
  latitude: null,
  record: '{}',
  ip_address: '127.11.0.1',
  in_service_from: null,
  in_service_to: null,
  updated_at: 0,
  ...over,
})
const found = (over: Partial<FoundDevice> = {}): FoundDevice => ({
  endpoint: 'urn:uuid:1',
  address: '127.11.0.1',
  xaddrs: ['http://127.11.0.1:8000/onvif/device_service'],
  quarantine: 'new',
  seenAt: now,
  ...over,
})

/** Two gateways, a camera and a sensor on record, and one camera found. */
async function city() {
  const opened = await openRecord(':memory:')
  const record = tablesOf<GatewaysData>(opened)
  await putGateways(record.db, config.gateways)
  await opened.db
    .insertInto('device')
    .values([device({}), device({ id: sensor, kind: 'sensor', ip_address: null })])
    .execute()
  await assignSensors(record.db, config, null)
  await putFound(record.db, east, [found()], now)
  return record
}

async function readAssignment(db: GatewaysDb, gateway: string) {
  const inForce = await readInForce(db, gateway)
  return inForce && { version: inForce.version, devices: await readAssigned(db, gateway) }
}

describe('what discovery found', () => {
  it('waits, with the planned record that it matches', async () => {
    const { db } = await city()
    expect(await listDiscovered(db, 'city')).toEqual([
      {
        ...found(),
        gateway: east,
        status: 'waiting',
        firstSeenAt: now,
        matches: camera,
        matchedBy: 'address',
        device: null,
      },
    ])
  })

  it('does not wait at a second gateway that hears of it, unless it answers from another address there', async () => {
    const { db } = await city()
    await putFound(db, west, [found()], now)
    expect((await listDiscovered(db, 'city')).map(({ gateway }) => gateway)).toEqual([east])
    await putFound(db, west, [found({ address: '127.15.0.1' })], now)
    expect((await listDiscovered(db, 'city')).map(({ gateway }) => gateway).sort()).toEqual([east, west])
  })

  it('seen again keeps its first time and its status', async () => {
    const record = await city()
    const approval = { gateway: east, endpoint: 'urn:uuid:1', device: camera, credential: 'sims' }
    await record.transaction((trx) => approve(trx, [approval], 30_000))
    await putFound(record.db, east, [found({ name: 'renamed', seenAt: now + 9 })], now + 9)
    expect(await listDiscovered(record.db, 'city')).toMatchObject([
      { name: 'renamed', status: 'approved', firstSeenAt: now, seenAt: now + 9, device: camera },
    ])
  })

  it('beyond a bound is forgotten where it waits and was seen longest ago, and never what was decided on', async () => {
    const record = await city()
    const approval = { gateway: east, endpoint: 'urn:uuid:1', device: camera, credential: 'sims' }
    await record.transaction((trx) => approve(trx, [approval], 30_000))
    const seen = (n: number) => found({ endpoint: `urn:${n}`, address: `10.0.0.${n}`, seenAt: now + n })
    await putFound(record.db, west, [seen(1)], now)
    await putFound(record.db, east, [1, 2, 3, 4].map(seen), now, { most: 2 })
    const rows = await record.db.selectFrom('discovered').select(['gateway', 'endpoint']).orderBy('endpoint').execute()
    expect(rows.map(({ gateway, endpoint }) => `${gateway} ${endpoint}`)).toEqual([
      `${west} urn:1`,
      `${east} urn:3`,
      `${east} urn:4`,
      `${east} urn:uuid:1`,
    ])
  })

  it('that has moved says so until it is approved where it is now', async () => {
    const record = await city()
    const approval = { gateway: east, endpoint: 'urn:uuid:1', device: camera, credential: 'sims' }
    const approveIt = () => record.transaction((trx) => approve(trx, [approval], 30_000))
    const moved = async () => (await listDiscovered(record.db, 'city'))[0]!.moved
    await approveIt()
    expect(await moved()).toBeUndefined()
    const xaddr = 'http://127.11.0.9:8000/onvif/device_service'
    await putFound(record.db, east, [found({ address: '127.11.0.9', xaddrs: [xaddr] })], now)
    expect(await moved()).toBe(true)
    expect((await readAssignment(record.db, east))?.devices).toMatchObject([{ xaddr: found().xaddrs[0] }])
    await approveIt()
    expect(await moved()).toBeUndefined()
    expect((await readAssignment(record.db, east))?.devices).toMatchObject([{ xaddr }])
  })

  it.each<[DistrictCode[], number]>([
    [['430405'], 0],
    [['430405', '430406'], 1],
    [['430421'], 0],
    [[], 0],
  ])('before it is placed is seen by who sees all that its gateway serves: %j', async (scope, count) => {
    const { db } = await city()
    expect(await listDiscovered(db, scope)).toHaveLength(count)
  })

  it.each<[DistrictCode[], number]>([
    [['430405'], 1],
    [['430406'], 0],
  ])('once placed is seen by its district: %j', async (scope, count) => {
    const record = await city()
    const approval = { gateway: east, endpoint: 'urn:uuid:1', device: camera, credential: 'sims' }
    await record.transaction((trx) => approve(trx, [approval], 30_000))
    expect(await listDiscovered(record.db, scope)).toHaveLength(count)
  })
})

describe('approval', () => {
  const approval = { gateway: east, endpoint: 'urn:uuid:1', device: camera, credential: 'sims' }

  it('assigns the camera to its gateway under a new version, and the record is no longer planned', async () => {
    const record = await city()
    const before = await readAssignment(record.db, east)
    await record.transaction((trx) => approve(trx, [approval], 30_000))
    const after = await readAssignment(record.db, east)
    expect(after?.version).toBe(before!.version + 1)
    expect(after?.devices).toEqual([
      {
        kind: 'camera',
        id: camera,
        xaddr: found().xaddrs[0],
        credential: 'sims',
        endpoint: 'urn:uuid:1',
        every: 30_000,
      },
    ])
    expect(await listPlanned(record.db)).toEqual([])
    expect((await readAssignment(record.db, west))?.version).toBe(1)
  })

  it.each([
    [{ endpoint: 'urn:uuid:2' }, 'discovered.unknown'],
    [{ device: '43040500001320000009' }, 'device.unknown'],
  ])('of %j is refused whole', async (wrong, code) => {
    const record = await city()
    const both = [approval, { ...approval, ...wrong }]
    await expect(record.transaction((trx) => approve(trx, both, 30_000))).rejects.toMatchObject({ code })
    expect((await readAssignment(record.db, east))?.devices).toEqual([])
  })

  it('of an oddity binds the address that answered, whatever host the device states', async () => {
    const record = await city()
    const odd = found({ xaddrs: ['http://169.254.169.254:8000/x'], quarantine: 'xaddr-link-local' })
    await putFound(record.db, east, [odd], now)
    await record.transaction((trx) => approve(trx, [approval], 30_000))
    expect((await readAssignment(record.db, east))?.devices).toMatchObject([{ xaddr: 'http://127.11.0.1:8000/x' }])
  })

  it('a retired camera is not assigned', async () => {
    const record = await city()
    await record.transaction((trx) => approve(trx, [approval], 30_000))
    record.sqlite.exec(`UPDATE device SET stage = 'retired' WHERE id = '${camera}'`)
    await record.transaction((trx) => takeRegistryChanges(trx, config))
    expect((await readAssignment(record.db, east))?.devices).toEqual([])
  })
})

describe('sensor passwords', () => {
  it('reach the gateway as digests, and a new one voids the old', async () => {
    const record = await city()
    const issue = () => record.transaction((trx) => issueSensorPasswords(trx, [sensor], now))
    const [first] = (await issue()).secrets
    const [second] = (await issue()).secrets
    expect(second!.password).not.toBe(first!.password)
    expect(await readAssignment(record.db, east)).toEqual({
      version: 3,
      devices: [{ kind: 'sensor', id: sensor, passwordHash: sha256(second!.password), every: 30_000 }],
    })
  })

  it('are for sensors only', async () => {
    const record = await city()
    await expect(record.transaction((trx) => issueSensorPasswords(trx, [camera], now))).rejects.toMatchObject({
      code: 'device.unknown',
    })
  })
})

describe('gateways', () => {
  it('configured again keep their status and assignment', async () => {
    const { db } = await city()
    const status = {
      v: 1 as const,
      gateway: east,
      online: true,
      at: now,
      version: '1',
      assignment: 0,
      devices: 0,
      spooled: 0,
      clockOffsetMs: null,
      blind: false,
    }
    await putGatewayStatus(db, status, now + 5)
    await putGateways(db, [{ id: east, name: 'renamed', districts: ['430405'], passwordHash: sha256('new') }])
    const row = await db.selectFrom('gateway').selectAll().where('id', '=', east).executeTakeFirstOrThrow()
    expect(row).toEqual({
      id: east,
      name: 'renamed',
      districts: '["430405"]',
      password_hash: sha256('new'),
      status: JSON.stringify(status),
      last_seen_at: now + 5,
      drained_at: now,
      assignment_version: 1,
      assignment_digest: null,
      assignment_pruned: 0,
    })
  })

  it('that nobody knows has no assignment', async () => {
    const { db } = await city()
    expect(await readAssignment(db, sensor)).toBeUndefined()
  })
})
