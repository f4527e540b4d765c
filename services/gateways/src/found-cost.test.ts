/** One change costs one change: what is read for one more camera that was found does not grow with how many there are. */
import type { DeviceIdentity, FoundDevice, InventoryWanted } from '@hub/contracts'
import { checkConfig, sha256, tablesOf } from '@hub/platform'
import { expect, it } from 'vitest'
import { HubConfig } from '../../hub/src/config.ts'
import { wireTestDeps } from '../../hub/src/testing/deps.ts'
import { openRecord } from '../../hub/src/testing/record.ts'
import { approvePending } from './auto-approval.ts'
import type { GatewaysConfig } from './config.ts'
import { readIdentityChanges, writeIdentityChanges } from './identities.ts'
import { wantedOf } from './inventory-digest.ts'
import { matchFound } from './match-found.ts'
import { isNothing, readFoundChanges, writeFoundChanges } from './put-found.ts'
import { createRegistryChanged } from './registry-changed.ts'
import { putGateways } from './store.ts'
import type { GatewaysData } from './tables.ts'
import { watchStatements } from './testing/watch-statements.ts'

const gateway = '43040500002000000001'
const idOf = (n: number) => `43040500001320${String(n).padStart(6, '0')}`
const addressOf = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
/** The last of a thousand is nobody's, and goes on waiting. */
const foundOf = (n: number): FoundDevice => ({
  endpoint: `urn:uuid:${String(n).padStart(12, '0')}`,
  address: n % 1_000 === 999 ? `172.16.${n >> 8}.${n & 255}` : addressOf(n),
  xaddrs: [`http://${addressOf(n)}:8000/onvif/device_service`],
  name: n % 1_000 === 999 ? `stranger ${n}` : `解放路 ${n}`,
  mac: `44:19:B6:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`,
  project: 'sims',
  quarantine: 'new',
  seenAt: 1_800_000_000_000,
})
const identityOf = (n: number): DeviceIdentity => ({
  device: idOf(n),
  at: 1,
  manufacturer: 'm',
  firmware: '1',
  ptz: true,
})

async function city(cameras: number) {
  const record = tablesOf<GatewaysData>(await openRecord(':memory:'))
  const { sqlite } = record
  const config = checkConfig(HubConfig, {
    gateways: [{ id: gateway, name: '东', districts: ['430405'], passwordHash: sha256('x') }],
    demo: { approveProject: 'sims', credential: 'sims' },
  }) as GatewaysConfig
  await putGateways(record.db, config.gateways)
  const { deps } = wireTestDeps({ record: record as never })
  const registryChanged = createRegistryChanged(deps)
  const put = sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, ip_address, record, updated_at)
     VALUES (?, '430405', 'camera', 'safe-city', 'telecom', '1', 'in-service', ?, '', ?, ?, 0)`,
  )
  const enter = (n: number) => {
    const name = `解放路 ${n}`
    put.run(idOf(n), name, addressOf(n), JSON.stringify({ name, ipAddress: addressOf(n) }))
  }
  const find = async (found: FoundDevice[]) => {
    const changes = await readFoundChanges(record.db, gateway, found)
    if (!isNothing(changes)) await record.transaction((trx) => writeFoundChanges(trx, changes, 1, { rematch: true }))
    return (await approvePending({ record, config, registryChanged })).get(gateway) ?? 0
  }
  const identify = async (identified: DeviceIdentity[]) => {
    const changes = await readIdentityChanges(record.db, gateway, identified, 1)
    if (changes.rows.length > 0) await record.transaction((trx) => writeIdentityChanges(trx, changes))
    return changes.rows.length
  }
  const summed = async () => {
    const digest = { found: '0'.repeat(3_072), identified: '0'.repeat(3_072) }
    const totals = sqlite.prepare('SELECT kind, bucket, total FROM inventory_digest').all() as {
      kind: 'found' | 'identified'
      bucket: number
      total: number
    }[]
    for (const { kind, bucket, total } of totals)
      digest[kind] =
        digest[kind].slice(0, bucket * 12) + total.toString(16).padStart(12, '0') + digest[kind].slice(bucket * 12 + 12)
    return digest
  }
  for (let from = 0; from < cameras; from += 250) {
    const numbers = Array.from({ length: 250 }, (_, i) => from + i)
    sqlite.exec('BEGIN')
    for (const n of numbers) enter(n)
    sqlite.exec('COMMIT')
    await find(numbers.map(foundOf))
    await identify(numbers.filter((n) => n % 1_000 !== 999).map(identityOf))
  }
  return { record, config, enter, find, identify, summed }
}

const cpuMs = async (work: () => Promise<unknown>) => {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

it('one more camera is read, matched, approved and identified by as many rows beside 1,000, 5,000 and 20,000', {
  timeout: 180_000,
}, async () => {
  const costs: object[] = []
  for (const cameras of [1_000, 5_000, 20_000]) {
    const { record, enter, find, identify, summed } = await city(cameras)
    const times: number[] = []
    for (let n = cameras; n < cameras + 20; n++) {
      enter(n)
      times.push(
        await cpuMs(async () => {
          expect(await find([foundOf(n)])).toBe(1)
          expect(await identify([identityOf(n)])).toBe(1)
        }),
      )
    }
    const { db } = record
    const watch = watchStatements(record.sqlite)
    const n = cameras + 20
    enter(n)
    const more = await watch.during(async () => {
      expect(await find([foundOf(n)])).toBe(1)
      expect(await identify([identityOf(n)])).toBe(1)
    })
    const again = await watch.during(async () => {
      expect(await find([foundOf(n)])).toBe(0)
      expect(await identify([identityOf(n)])).toBe(0)
    })
    const stranger = await watch.during(async () => {
      expect(await find([foundOf(1_999_999)])).toBe(0)
      expect(await matchFound(db, 'city', [foundOf(1_999_999).endpoint])).toMatchObject([
        { unmatched: { reason: 'none' } },
      ])
    })
    const digest = await summed()
    const compared = await watch.during(async () => {
      const wanted: InventoryWanted[] = []
      for await (const message of wantedOf(db, gateway, digest)) wanted.push(message)
      expect(wanted).toEqual([])
    })
    const all = { more, again, stranger, compared }
    for (const { plans } of Object.values(all)) {
      // Of one row, or a few; and the queue is read from its beginning.
      expect(
        plans.filter((plan) =>
          /^SCAN (?!CONSTANT|\d+-ROW VALUES|(gateway|planned_position|discovered_pending)\b)/.test(plan),
        ),
      ).toEqual([])
      // Whatever else belongs to a gateway or a kind belongs to thousands.
      expect(plans.filter((plan) => /^SEARCH .*\((gateway|kind|status)=\?\)$/.test(plan))).toEqual([
        ...Array(plans.filter((plan) => plan.startsWith('SEARCH discovered_waiting ')).length).fill(
          'SEARCH discovered_waiting USING PRIMARY KEY (gateway=?)',
        ),
      ])
    }
    const figures = Object.fromEntries(
      Object.entries(all).map(([what, { rows, statements }]) => [what, { rows, statements }]),
    )
    const median = times.sort((a, b) => a - b)[10]!
    console.log(`${cameras} cameras: one more ${JSON.stringify(figures)}, ${median.toFixed(1)} ms of CPU`)
    costs.push(figures)
    await record.close()
  }
  // Sums of as many buckets as are not empty.
  expect(costs[1]).toEqual(costs[2])
  expect({ ...costs[0], compared: null }).toEqual({ ...costs[2], compared: null })
})
