/** Matching by lookups against the whole rollout matched anew: the same answer for every device, after whatever has happened. */
import { type DeviceId, type DistrictCode, districtOf, type FoundDevice, type GatewayId } from '@hub/contracts'
import { indexPlanned, matchRollout } from '@hub/core'
import { checkConfig, sha256, tablesOf } from '@hub/platform'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HubConfig } from '../../hub/src/config.ts'
import { openRecord } from '../../hub/src/testing/record.ts'
import { approve } from './approval.ts'
import { approvePending } from './auto-approval.ts'
import type { GatewaysConfig } from './config.ts'
import { listDiscovered, listPlanned, reject } from './discovered.ts'
import { type Discovered, foundQuery, listed, parsedRows } from './found-rows.ts'
import { indexFound } from './index-found.ts'
import { matchFound } from './match-found.ts'
import { indexPlannedSigns } from './planned-signs.ts'
import { putFound } from './put-found.ts'
import { putGateways } from './store.ts'
import type { GatewaysData, GatewaysDb } from './tables.ts'

const [east, west] = ['43040500002000000001', '43042100002000000002'] as const
const [here, there] = ['430405', '430421'] as const
const idOf = (n: number, district: string = here): DeviceId => `${district}00001320${String(n).padStart(6, '0')}`
const gatewayIn = (id: GatewayId, districts: DistrictCode[]) => ({ id, name: id, districts, passwordHash: sha256(id) })
const demo = { approveProject: 'sims', credential: 'sims' }

/** Few values, so that signs are shared, disputed and contradicted. */
const some = (...values: (string | undefined)[]) => fc.constantFrom(...values)
const address = some('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4')
const serial = some(undefined, undefined, undefined, undefined, 'S1', 's2 ', 'S3', idOf(1), idOf(2))
const mac = some(
  undefined,
  undefined,
  undefined,
  undefined,
  '44:19:b6:00:00:01',
  '44-19-B6-00-00-02',
  '4419b6000003',
  '00:00:00:00:00:00',
)
const name = some(undefined, '解放路 1', '解放路 2', ' 中山路', `IPC ${idOf(3)}`)
const found = fc.record({
  endpoint: some('urn:1', 'urn:2', 'urn:3', 'urn:4', 'urn:5', 'urn:6'),
  address: some('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.9.0.1', '10.9.0.2', '10.9.0.3'),
  serial,
  mac,
  name,
  project: some('sims', 'sims', 'sims', 'other'),
  quarantine: fc.constantFrom('new', 'new', 'new', 'xaddr-host-differs'),
})
/** So that it is known which cases come up; thousands of others have been tried. */
const seed = 12
const gatewayId = fc.constantFrom(east, east, west)
const record = fc.record({
  n: fc.integer({ min: 1, max: 6 }),
  district: fc.constantFrom(here, here, there),
  ipAddress: fc.option(address),
  serial: fc.option(serial),
  mac: fc.option(mac),
  name,
  stage: fc.constantFrom('planned', 'in-service', 'in-service', 'retired'),
})
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ gateway: gatewayId, found: fc.array(found, { minLength: 1, maxLength: 4 }) }) },
  { weight: 5, arbitrary: fc.record({ record }) },
  { weight: 1, arbitrary: fc.record({ approve: fc.nat(), as: fc.option(fc.integer({ min: 1, max: 6 })) }) },
  { weight: 1, arbitrary: fc.record({ reject: fc.nat() }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never
type City = Awaited<ReturnType<typeof openCity>>

async function openCity(districts: { east: DistrictCode[]; west: DistrictCode[] }, rematch: boolean) {
  const opened = await openRecord(':memory:')
  const store = tablesOf<GatewaysData>(opened)
  const config = checkConfig(HubConfig, {
    gateways: [gatewayIn(east, districts.east), gatewayIn(west, districts.west)],
    demo,
  }) as GatewaysConfig
  await putGateways(store.db, config.gateways)
  const put = opened.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, ip_address, record, updated_at)
     VALUES (?, ?, 'camera', 'safe-city', 'telecom', '1', ?, ?, '', ?, ?, 0)
     ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, name = excluded.name, ip_address = excluded.ip_address,
       record = excluded.record`,
  )
  let now = 1_800_000_000_000
  return {
    store,
    config,
    close: () => opened.close(),
    async happen(what: Happening) {
      now += 400_000
      const { db } = store
      if ('found' in what) {
        const devices = what.found.map(({ serial, mac, name, ...rest }) => ({
          ...rest,
          ...(serial !== undefined && { serial }),
          ...(mac !== undefined && { mac }),
          ...(name !== undefined && { name }),
          xaddrs: [`http://${rest.address}/x`],
          seenAt: now,
        }))
        await store.transaction((trx) =>
          putFound(trx, what.gateway, devices as FoundDevice[], now, { most: 5, rematch }),
        )
      }
      if ('record' in what) {
        const { n, district, ipAddress, serial, mac, stage, name = '' } = what.record
        put.run(
          idOf(n, district),
          district,
          stage,
          name,
          ipAddress ?? null,
          JSON.stringify({ ipAddress, serial, mac, name }),
        )
      }
      if ('approve' in what) {
        const rows = (await listDiscovered(db, 'city')).filter(({ status }) => status !== 'approved')
        const row = rows[what.approve % rows.length]
        const device = what.as === null ? row?.matches : idOf(what.as)
        if (!row || !device) return
        const approval = { gateway: row.gateway, endpoint: row.endpoint, device, credential: 'c' }
        await store.transaction((trx) => approve(trx, [approval], 1_000, { rematch })).catch(() => {})
      }
      if ('reject' in what) {
        const rows = (await listDiscovered(db, 'city')).filter(({ status }) => status === 'waiting')
        const row = rows[what.reject % rows.length]
        if (row) await store.transaction((trx) => reject(trx, row, { at: now, actor: 'a', reason: 'r' }, { rematch }))
      }
    },
  }
}

const sorted = (rows: readonly Discovered[]) =>
  [...rows].sort((a, b) => (`${a.gateway} ${a.endpoint}` < `${b.gateway} ${b.endpoint}` ? -1 : 1))
const both = { east: [here, there], west: [there] } satisfies Parameters<typeof openCity>[0]
const apart = { east: [here], west: [there] } satisfies Parameters<typeof openCity>[0]

async function wholeAt(db: GatewaysDb, gateway: GatewayId): Promise<Discovered[]> {
  const rows = parsedRows(
    await foundQuery(db).where('discovered.gateway', '=', gateway).where('discovered.status', '=', 'waiting').execute(),
  )
  const index = indexPlanned(await listPlanned(db))
  const claims = matchRollout(
    rows.map(({ found, districts }) => ({ ...found, districts })),
    index,
  )
  return listed(rows, new Map(rows.map((row, i) => [row, claims[i]!])), index, 'city')
}

describe('by lookups', () => {
  it('each found device has the match that it has in the whole rollout', async () => {
    const reasons = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 25 }), async (happenings) => {
        const city = await openCity(both, false)
        const { db } = city.store
        try {
          for (const what of happenings) {
            await city.happen(what)
            await indexPlannedSigns(city.store, { rematch: false })
            const endpoints = ['urn:1', 'urn:2', 'urn:3', 'urn:4', 'urn:5', 'urn:6']
            for (const scope of ['city', [there]] as const) {
              const whole = await listDiscovered(db, scope)
              for (const { matchedBy, unmatched } of whole) reasons.add(matchedBy ?? unmatched?.reason ?? 'approved')
              for (const endpoint of endpoints)
                expect(await matchFound(db, scope, [endpoint])).toEqual(
                  whole.filter((row) => row.endpoint === endpoint),
                )
              expect(sorted(await matchFound(db, scope, endpoints))).toEqual(sorted(whole))
            }
            for (const gateway of [east, west]) {
              const whole = await wholeAt(db, gateway)
              for (const endpoint of endpoints)
                expect(await matchFound(db, 'city', [endpoint], { waitingAt: gateway })).toEqual(
                  whole.filter((row) => row.endpoint === endpoint),
                )
            }
          }
        } finally {
          await city.close()
        }
      }),
      { numRuns: 30, endOnFailure: true, seed },
    )
    expect([...reasons].sort()).toEqual([
      'address',
      'ambiguous',
      'approved',
      'code',
      'contested',
      'contradicted',
      'mac',
      'name',
      'none',
      'serial',
    ])
  }, 120_000)

  it('the same are approved by themselves as when everything that waits is matched after each change', async () => {
    let approvals = 0
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 25 }), async (happenings) => {
        approvals += (await approvedAlike(happenings)).length
      }),
      { numRuns: 30, endOnFailure: true, seed },
    )
    expect(approvals).toBeGreaterThan(10)
  }, 120_000)

  type Found = Required<Extract<Happening, { found: unknown }>['found'][number]>
  const at = (gateway: typeof east, ...found: Partial<Found>[]): Happening => ({
    gateway,
    found: found.map((each) => ({ ...stranger, ...each })),
  })
  const stranger: Found = {
    quarantine: 'new',
    endpoint: '',
    address: '10.9.9.9',
    serial: undefined,
    mac: undefined,
    name: undefined,
    project: 'sims',
  }
  const onRecord = (n: number, more: object): Happening => ({
    record: { n, district: here, ipAddress: null, serial: null, mac: null, name: undefined, stage: 'planned', ...more },
  })

  it.each<[string, Happening[], DeviceId]>([
    [
      'a second record makes a rival ambiguous',
      [
        onRecord(5, { ipAddress: '10.0.0.4', serial: 'S3' }),
        at(east, { endpoint: 'urn:2', serial: 'S3', quarantine: 'xaddr-host-differs' }),
        at(east, { endpoint: 'urn:6', address: '10.0.0.4', quarantine: 'new' }),
        onRecord(1, { serial: 'S3' }),
      ],
      idOf(5),
    ],
    [
      'an operator approves the rival as another device',
      [
        onRecord(2, {}),
        onRecord(6, {}),
        at(east, { endpoint: 'urn:3', serial: idOf(2), quarantine: 'xaddr-host-differs' }),
        at(east, { endpoint: 'urn:6', serial: idOf(2), quarantine: 'new' }),
        { approve: 1, as: 6 },
      ],
      idOf(2),
    ],
    [
      'the rival is rejected',
      [
        onRecord(2, {}),
        at(east, { endpoint: 'urn:3', serial: idOf(2), quarantine: 'xaddr-host-differs' }),
        at(east, { endpoint: 'urn:6', serial: idOf(2), quarantine: 'new' }),
        { reject: 1 },
      ],
      idOf(2),
    ],
    [
      'the rival says something else',
      [
        onRecord(2, {}),
        at(east, { endpoint: 'urn:3', serial: idOf(2), quarantine: 'xaddr-host-differs' }),
        at(east, { endpoint: 'urn:6', serial: idOf(2), quarantine: 'new' }),
        at(east, { endpoint: 'urn:3', serial: 'S1', quarantine: 'xaddr-host-differs' }),
      ],
      idOf(2),
    ],
    [
      'the record is imported after its device was found',
      [at(east, { endpoint: 'urn:6', address: '10.0.0.1', quarantine: 'new' }), onRecord(2, { ipAddress: '10.0.0.1' })],
      idOf(2),
    ],
  ])('a device is approved once %s', async (_, happenings, device) => {
    expect(await approvedAlike(happenings.slice(0, -1))).not.toContain(device)
    expect(await approvedAlike(happenings)).toContain(device)
  })

  it('rows that an earlier program has written are found as well', async () => {
    const city = await openCity(apart, false)
    await city.happen({
      record: { n: 1, district: here, ipAddress: '10.0.0.1', serial: null, mac: null, name: 'a', stage: 'planned' },
    })
    const device: FoundDevice = { endpoint: 'urn:1', address: '10.0.0.1', xaddrs: [], quarantine: 'new', seenAt: 1 }
    const { db } = city.store
    await db
      .insertInto('discovered')
      .values({
        gateway: east,
        endpoint: 'urn:1',
        found: JSON.stringify(device),
        status: 'waiting',
        device: null,
        first_seen_at: 1,
        seen_at: 1,
        rejection: null,
      })
      .execute()
    await indexFound(city.store)
    await indexPlannedSigns(city.store, { rematch: false })
    expect(await db.selectFrom('discovered_key').select(['kind', 'value']).execute()).toEqual([
      { kind: 'address', value: '10.0.0.1' },
    ])
    expect(await matchFound(db, 'city', ['urn:1'])).toMatchObject([{ matches: idOf(1), matchedBy: 'address' }])
    await city.close()
  })
})

/** Approved after each of these happenings alike, whether by the queue or by a match of everything. @returns the devices, in the end */
async function approvedAlike(happenings: readonly Happening[]): Promise<DeviceId[]> {
  const [mine, whole] = [await openCity(apart, true), await openCity(apart, false)]
  try {
    for (const what of happenings) {
      await mine.happen(what)
      await whole.happen(what)
      await approvePending({ record: mine.store, config: mine.config, registryChanged: async () => {} })
      await approveWhole(whole)
      expect(await decisions(mine)).toEqual(await decisions(whole))
    }
    return (await decisions(mine)).flatMap(({ device }) => device ?? [])
  } finally {
    await mine.close()
    await whole.close()
  }
}

const decisions = ({ store: { db } }: City) =>
  db.selectFrom('discovered').select(['gateway', 'endpoint', 'status', 'device']).execute()

/** As it was before there were lookups: all that waits at a gateway, until nothing more is approved. */
async function approveWhole({ store }: City): Promise<void> {
  for (let again = true; again; ) {
    again = false
    for (const gateway of [east, west]) {
      const approvals = (await wholeAt(store.db, gateway)).flatMap(
        ({ matches: device, endpoint, quarantine, project }) =>
          device !== null &&
          quarantine === 'new' &&
          project === 'sims' &&
          districtOf(device) === (gateway === east ? here : there)
            ? [{ gateway, endpoint, device, credential: 'sims' }]
            : [],
      )
      if (approvals.length === 0) continue
      again = true
      await store.transaction((trx) => approve(trx, approvals, 1_000))
    }
  }
}
