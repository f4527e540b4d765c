/** A Record of before the rooms' own tables: what it holds of bindings and identities is there afterwards, each row once. */
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { recordSchema } from '../../../hub/src/schema.ts'
import { migrate } from '../../../platform/src/database/migrate.ts'

const camera = '43040500001320000001'
const sensor = '43040500001340000001'
const planned = '43040500001320000002'

function before(): DatabaseSync {
  const sqlite = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  migrate(sqlite, { ...recordSchema, rooms: [] })
  const put = sqlite.prepare(
    `INSERT INTO device (id, district, kind, application, carrier, point_type, stage, name, address, record, gateway, endpoint, xaddr,
       credential, every_ms, identity, updated_at)
     VALUES (?, '430405', ?, 'traffic', 'telecom', '3', 'in-service', '', '', '{"poleNumber":"P-1"}', ?, ?, ?, ?, ?, ?, 7)`,
  )
  put.run(camera, 'camera', 'g-1', 'urn:1', 'http://127.0.0.1/x', 'main', 60_000, '{"model":"M"}')
  put.run(sensor, 'sensor', 'g-1', null, null, null, 5_000, null)
  put.run(planned, 'camera', null, null, null, null, 30_000, null)
  sqlite.exec(`INSERT INTO sensor_credential VALUES ('${sensor}', 'hash', 1)`)
  const event = sqlite.prepare('INSERT INTO device_event VALUES (?, ?, ?, ?, ?, ?)')
  event.run(camera, 1, 'firmware', '', '1', '2')
  event.run(camera, 2, 'motion', 'V1', null, 'active')
  return sqlite
}

it('bindings and identities move to gateways, and nothing else is lost', () => {
  const sqlite = before()
  migrate(sqlite, recordSchema)
  const all = (sql: string) =>
    sqlite
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  expect(
    all('SELECT device, gateway, endpoint, xaddr, credential, every_ms, identity FROM device_binding ORDER BY device'),
  ).toEqual([
    {
      device: camera,
      gateway: 'g-1',
      endpoint: 'urn:1',
      xaddr: 'http://127.0.0.1/x',
      credential: 'main',
      every_ms: 60_000,
      identity: '{"model":"M"}',
    },
    {
      device: sensor,
      gateway: 'g-1',
      endpoint: null,
      xaddr: null,
      credential: null,
      every_ms: 5_000,
      identity: null,
    },
  ])
  expect(all('SELECT kind, to_value FROM identity_event')).toEqual([{ kind: 'firmware', to_value: '2' }])
  expect(all('SELECT kind, to_value FROM ingest_event')).toEqual([{ kind: 'motion', to_value: 'active' }])
  expect(all('SELECT device FROM sensor_credential')).toEqual([{ device: sensor }])
  expect(
    all('SELECT id, pole, updated_at FROM device ORDER BY id').map(({ pole, updated_at }) => [pole, updated_at]),
  ).toEqual(Array(3).fill(['P-1', 7]))
  expect(all("SELECT name FROM pragma_table_info('device')").map(({ name }) => name)).not.toContain('xaddr')
  sqlite.close()
})

it('changes of devices are noted on, after those of before', () => {
  const sqlite = before()
  const revisions = (table: string) =>
    sqlite
      .prepare(`SELECT device, revision FROM ${table} ORDER BY revision`)
      .all()
      .map((row) => ({ ...row }))
  const old = revisions('device_revision')
  migrate(sqlite, recordSchema)
  expect(revisions('registry_change')).toEqual(old)
  sqlite.exec(`UPDATE device SET stage = 'retired' WHERE id = '${camera}'`)
  expect(revisions('registry_change').at(-1)).toEqual({ device: camera, revision: old.length + 1 })
  sqlite.close()
})
