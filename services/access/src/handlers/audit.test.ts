import { afterEach, beforeEach, expect, it } from 'vitest'
import { camera, cameraA, type Hub, password, startHub } from '../../../hub/src/testing/hub.ts'

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
  await hub.importRecords([camera(cameraA)])
})
afterEach(() => hub.stop())
const read = async (query = '') => (await hub.ask('audit', 'audit', { query })).json

it('the auditor reads every line, newest first, a page at a time', async () => {
  const { lines, next, chain } = await read()
  expect(next).toBeNull()
  expect(lines[0]).toMatchObject({ action: 'session.open', subject: 'audit' })
  expect(lines.find((l: { action: string }) => l.action === 'registry.import')).toMatchObject({
    actor: 'sys',
    detail: { created: 1 },
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(chain).toMatchObject({ whole: true, brokenAt: null, anchor: { id: lines[0].id, hash: lines[0].hash } })
  const first = await read('?limit=2')
  const second = await read(`?limit=2&before=${first.next}`)
  expect([...first.lines, ...second.lines].map((l: { id: number }) => l.id)).toEqual(
    lines.slice(0, 4).map((l: { id: number }) => l.id),
  )
})

it('is narrowed by actor, action, subject and time', async () => {
  const { lines } = await read('?actor=sys&action=registry.import')
  expect(lines.map((l: { actor: string }) => l.actor)).toEqual(['sys'])
  expect((await read(`?to=${lines[0].at}`)).lines.some((l: { id: number }) => l.id === lines[0].id)).toBe(false)
  expect((await read(`?from=${lines[0].at}&subject=registry`)).lines).toHaveLength(1)
})

it('a line that was edited is missed by the chain', async () => {
  const { lines } = await read()
  hub.record.sqlite.exec('DROP TRIGGER audit_no_update')
  hub.record.sqlite.exec(`UPDATE audit SET actor = 'nobody' WHERE id = ${lines[1].id}`)
  await hub.clock.advanceAsync(60_000)
  expect((await read()).chain).toMatchObject({ whole: false, brokenAt: lines[1].id })
})

it('is for the whole city or for nobody', async () => {
  const user = { user: 'audit-a', password, role: 'auditor', districts: ['430405'] }
  await hub.ask('sec', 'createUser', { body: user })
  const own = { oldPassword: password, password: 'quite another one' }
  await hub.ask('audit-a', 'changePassword', { body: own })
  await hub.login('audit-a', own.password)
  const { status, json } = await hub.ask('audit-a', 'audit')
  expect([status, json.code]).toEqual([403, 'permission.denied'])
})

it('its lines are linked by themselves, and the anchor is told to the log', async () => {
  await hub.clock.advanceAsync(60_000)
  const { n } = hub.record.sqlite.prepare('SELECT count(*) AS n FROM audit_link').get() as { n: number }
  expect(n).toBeGreaterThan(0)
  expect(hub.lines.join('')).toContain('"audit":{"id":')
})
