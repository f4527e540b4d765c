/** A Record of before the doors refused hidden characters, and what is seen of it after an upgrade. */
import { expect, it, onTestFinished } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../hub/src/testing/hub.ts'
import { plainRecords } from './plain-records.ts'

const hidden = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

/** Written past the doors, as it came in once. */
async function withOldRecord(): Promise<Hub> {
  const hub = await startHub()
  onTestFinished(() => hub.stop())
  await hub.importRecords([camera(cameraA, { project: '一期' }), camera(cameraB)])
  const { db } = hub.record
  const row = await db.selectFrom('device').selectAll().where('id', '=', cameraA).executeTakeFirstOrThrow()
  const old = {
    ...JSON.parse(row.record),
    name: '相机\u202egpj.exe',
    address: '东\0门',
    owner: '\u202e',
    switch: 'QD\u206603',
  }
  const columns = { record: JSON.stringify(old), name: old.name, address: old.address }
  await db.updateTable('device').set(columns).where('id', '=', cameraA).execute()
  await db
    .insertInto('topology_need')
    .values({ device: cameraA, need: 1, alternatives: '["switch:QD\u206603"]' })
    .execute()
  return hub
}
const acts = (hub: Hub) =>
  hub.record.db.selectFrom('audit').selectAll().where('action', '=', 'registry.plain').execute()
const seenOf = async (hub: Hub) =>
  [
    (await hub.ask('oper', 'devices')).text,
    (await hub.ask('oper', 'device', { params: { id: cameraA } })).text,
    (await hub.ask('oper', 'exportTopology')).text,
  ].map((text) => text.replace(/[\r\n\t]/g, ''))

it('what nobody can see is gone from devices and needs; it is a change that history, copies and the log see', async () => {
  const hub = await withOldRecord()
  expect((await seenOf(hub)).some((text) => hidden.test(text) || text.includes('\\u0000'))).toBe(true)
  await plainRecords(hub.deps)
  const seen = await seenOf(hub)
  expect(seen.map((text) => hidden.test(text) || text.includes('\\u0000'))).toEqual([false, false, false])
  expect(seen[0]).toContain('"name":"相机gpj.exe"')
  expect(seen[2]).toContain('switch:QD03')
  const { record } = (await hub.ask('oper', 'device', { params: { id: cameraA } })).json
  expect(record).toMatchObject({ address: '东门', switch: 'QD03', project: '一期' })
  expect(record).not.toHaveProperty('owner')
  expect((await acts(hub)).map(({ actor, detail }) => [actor, JSON.parse(detail)])).toEqual([
    ['hub', { changed: 1, refused: 0, needs: 1 }],
  ])
  const past = await hub.record.db.selectFrom('device_record_past').select('record').execute()
  expect(past.map(({ record }) => JSON.parse(record).name)).toContain('相机\u202egpj.exe')
})

it('is done once, and a Record without any is left alone', async () => {
  const hub = await startHub()
  onTestFinished(() => hub.stop())
  await hub.importRecords([camera(cameraA)])
  const revision = () => hub.record.db.selectFrom('device_change').selectAll().execute()
  const before = await revision()
  await plainRecords(hub.deps)
  expect([await revision(), await acts(hub)]).toEqual([before, []])
  hub.record.sqlite.exec(`UPDATE device SET name = 'a' || char(8238)`)
  await plainRecords(hub.deps)
  expect(await acts(hub)).toEqual([])
})
