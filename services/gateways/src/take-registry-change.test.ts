import { checkConfig, type RecordStore, sha256, tablesOf } from '@hub/platform'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HubConfig } from '../../hub/src/config.ts'
import { openRecord } from '../../hub/src/testing/record.ts'
import { readDelta, readInForce } from './assigned.ts'
import { putGateways } from './store.ts'
import type { GatewaysData } from './tables.ts'
import { assignSensors, takeRegistryChanges } from './take-registry-change.ts'

const east = '43040500002000000001'
const west = '43042100002000000002'
const camera = '43040500001320000001'
const sensor = '43040500001340000001'
const westSensor = '43042100001340000001'
/** In a district that no gateway serves. */
const stray = '43048100001340000001'
const config = checkConfig(HubConfig, {
  gateways: [
    { id: east, name: '东', districts: ['430405'], passwordHash: sha256('east') },
    { id: west, name: '西', districts: ['430421'], passwordHash: sha256('west') },
  ],
  policy: { probeEverySeconds: 45 },
})

let record: RecordStore<GatewaysData>
beforeEach(async () => {
  const opened = await openRecord(':memory:')
  record = tablesOf<GatewaysData>(opened)
  await putGateways(record.db, config.gateways)
  const put = opened.sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, updated_at)
     VALUES (?, ?, ?, 'environment', 'telecom', '3', 'in-service', '', '', '{}', 0)`,
  )
  put.run(camera, camera.slice(0, 6), 'camera')
  for (const id of [sensor, westSensor, stray]) put.run(id, id.slice(0, 6), 'sensor')
})
afterEach(() => record.close())

const take = (most?: number) => record.transaction((trx) => takeRegistryChanges(trx, config, most))
const change = (id: string, columns: string) => record.sqlite.exec(`UPDATE device SET ${columns} WHERE id = '${id}'`)
const credential = (id: string, hash = 'a') =>
  record.sqlite.exec(`INSERT INTO sensor_credential VALUES ('${id}', '${hash.repeat(64)}', 0)`)
const bindings = async () => {
  const rows = await record.db.selectFrom('device_binding').select(['device', 'gateway', 'every_ms']).execute()
  return rows.map(({ device, gateway, every_ms }) => [device, gateway, every_ms])
}
const versions = async () => {
  const rows = await record.db.selectFrom('gateway').select('assignment_version').orderBy('id').execute()
  return rows.map((row) => row.assignment_version)
}
/** What a gateway is told that holds `from`. */
const told = async (gateway: string, from: number) => {
  const inForce = (await readInForce(record.db, gateway))!
  const delta = await readDelta(record.db, gateway, { from, inForce })
  return [delta!.to, delta!.put.map(({ id }) => id), delta!.drop]
}

it('a sensor gets the gateway that serves its district, a camera waits for its approval', async () => {
  expect((await take()).assigned.sort()).toEqual([east, west])
  expect(await bindings()).toEqual([
    [sensor, east, 45_000],
    [westSensor, west, 45_000],
  ])
})

it('a gateway is told of a sensor once it has a credential', async () => {
  await take()
  expect(await versions()).toEqual([1, 1])
  credential(sensor)
  change(sensor, "record = '{}', stage = 'accepted'")
  expect((await take()).touched).toEqual([east])
  expect(await versions()).toEqual([2, 1])
  expect(await told(east, 1)).toEqual([2, [sensor], []])
})

it('what was taken is not taken again, and a change that no gateway needs to know makes no new version', async () => {
  credential(sensor)
  await take()
  change(sensor, `name = 'another', record = '{"name":"another","note":"x"}', longitude = 112.6`)
  expect(await take()).toMatchObject({ touched: [], assigned: [] })
  expect(await versions()).toEqual([2, 1])
  change(sensor, "stage = 'retired'")
  expect((await take()).touched).toEqual([east])
  expect(await told(east, 2)).toEqual([3, [], [sensor]])
  expect(await take()).toEqual({ touched: [], assigned: [], sensors: [], more: false })
})

it('a device that goes to another gateway is taken away from the one before', async () => {
  credential(sensor)
  await take()
  await record.db.updateTable('device_binding').set({ gateway: west }).where('device', '=', sensor).execute()
  change(sensor, "stage = 'accepted'")
  expect((await take()).touched.sort()).toEqual([east, west])
  expect(await told(east, 2)).toEqual([3, [], [sensor]])
  expect(await told(west, 1)).toEqual([2, [sensor], []])
})

it('an import of many is taken in steps of a bounded size, none of it twice', async () => {
  const seen: string[] = []
  for (let more = true; more; ) {
    const step = await take(2)
    expect(step.sensors.length).toBeLessThanOrEqual(2)
    seen.push(...step.sensors)
    more = step.more
  }
  expect(seen.sort()).toEqual([sensor, westSensor])
})

it('sensors of an import that broke off are found without any message', async () => {
  const assign = () => record.transaction((trx) => assignSensors(trx, config, null))
  expect((await assign()).gateways.sort()).toEqual([east, west])
  expect(await assign()).toEqual({ sensors: [], gateways: [] })
})
