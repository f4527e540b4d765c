/** A Record that takes nothing more: whoever reads, or comes in, does not depend on it. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { camera, cameraA, type Hub, password, startHub } from '../../../hub/src/testing/hub.ts'

let hub: Hub
beforeAll(async () => {
  hub = await startHub()
  await hub.importRecords([camera(cameraA)])
  await hub.login('audit')
  await hub.login('oper')
})
afterAll(() => hub.stop())

const pages = () => (hub.record.sqlite.prepare('PRAGMA page_count').get() as { page_count: number }).page_count
/** No page more, and those that the audit has are full. */
function fill() {
  hub.record.sqlite.exec(`PRAGMA max_page_count = ${pages()}`)
  const line = hub.record.sqlite.prepare(
    "INSERT INTO audit (at, actor, action, subject, detail) VALUES (1, '', '', '', '{}')",
  )
  for (let n = 0; n < 100_000; n++)
    try {
      line.run()
    } catch {
      return
    }
  throw new Error('it is never full')
}
const acts = (actor: string) =>
  hub.record.sqlite
    .prepare('SELECT action FROM audit WHERE actor = ? ORDER BY id')
    .all(actor)
    .map(({ action }) => action)

it('with a full disk one reads, logs in, is refused and logs out; what was to be written is written once there is room', async () => {
  fill()
  expect((await hub.ask('oper', 'devices')).status).toBe(200)
  hub.clock.advance(120_000)
  expect((await hub.ask('oper', 'device', { params: { id: cameraA } })).status).toBe(200)
  expect((await hub.ask('audit', 'audit')).status).toBe(200)

  expect((await hub.login('cmdr')).status).toBe(200)
  expect((await hub.ask('cmdr', 'overview')).status).toBe(200)
  expect((await hub.login('cmdr', 'wrong')).status).toBe(401)
  expect((await hub.login('contr')).status).toBe(200)
  expect((await hub.ask('contr', 'logout')).status).toBe(204)
  expect((await hub.ask('contr', 'whoami')).status).toBe(401)
  expect(acts('cmdr')).toEqual([])

  // What changes something says that it did not.
  const change = { params: { id: cameraA }, body: { stage: 'retired', reason: 'x' } }
  const { status, json } = await hub.ask('oper', 'stage', change)
  expect([status, json.code]).toEqual([507, 'record.full'])

  hub.record.sqlite.exec('PRAGMA max_page_count = 1000000')
  await hub.clock.advanceAsync(2_000)
  await vi.waitFor(() => expect(acts('contr')).toEqual(['session.open', 'session.close']))
  expect(acts('cmdr')).toEqual(['session.open', 'session.refused'])
  expect((await hub.ask('cmdr', 'whoami')).status).toBe(200)
  expect((await hub.ask('contr', 'whoami')).status).toBe(401)
  expect((await hub.login('cmdr', password)).status).toBe(200)
  expect((await hub.ask('oper', 'stage', change)).status).toBe(200)
})
