/** What the routes answer, over real HTTP and a real record. */
import { HubError, type Interval } from '@hub/contracts'
import { dayStart } from '@hub/core'
import { tablesOf } from '@hub/platform'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GatewaysTables } from '../../gateways/src/tables.ts'
import type { OverviewData } from '../../overview/src/data.ts'
import { camera, cameraA, cameraB, type Hub, password, startHub } from './testing/hub.ts'

const hour = 3_600_000
const rule = { id: 'confirmed' as const, count: 1, needed: 1, firstAt: 1, lastAt: 2 }
const addInterval = (hub: Hub, device: string, { from, to, state }: Pick<Interval, 'from' | 'to' | 'state'>) =>
  hub.record.db
    .insertInto('interval')
    .values({ device, from_at: from, to_at: to, state, rule: JSON.stringify(rule) })
    .execute()

describe('the overview', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub()
    await hub.importRecords([
      camera(cameraA),
      camera('43040500001320000002', { carrier: 'mobile' }),
      camera('43040500001320000003', { stage: 'built' }),
      camera(cameraB, { application: 'traffic' }),
    ])
  })
  afterEach(() => hub.stop())

  it('counts what is due, by district, application and carrier', async () => {
    await hub.transition(cameraA, 'up')
    const since = hub.clock.now()
    await hub.transition(cameraB, 'down')
    const { json } = await hub.ask('oper', 'overview')
    expect(json.city.now).toEqual({ rate: 1 / 3, due: 3, up: 1, degraded: 0, down: 1, unknown: 1, exempt: 0 })
    expect(json.city.oldestDownSince).toBe(since)
    expect(json.districts).toHaveLength(12)
    const of = (list: { key: string }[], key: string) => list.find((g) => g.key === key)
    expect(of(json.districts, '430426')).toMatchObject({ now: { due: 1, down: 1, rate: 0 }, oldestDownSince: since })
    expect(of(json.districts, '430412')).toMatchObject({ now: { due: 0, rate: null } })
    expect(of(json.applications, 'traffic')).toMatchObject({ now: { due: 1 } })
    expect(of(json.carriers, 'mobile')).toMatchObject({ now: { due: 1, unknown: 1 } })
    expect(json.stages).toEqual({ 'in-service': 3, built: 1 })
    expect(json.gateways).toEqual({ online: 0, total: 2 })
    expect(json.policy.target).toBe(0.96)
  })

  it('says how unknown counts, in the language asked for', async () => {
    const zh = await hub.ask('oper', 'overview', { headers: { 'accept-language': 'zh-CN' } })
    expect(zh.json.policy.unknown).toContain('未知不算在线')
    expect((await hub.ask('oper', 'overview')).json.policy.unknown).toContain('unknown is not online')
  })

  it('is narrowed to a district', async () => {
    const { json } = await hub.ask('oper', 'overview', { query: '?district=430426' })
    expect(json.city.now.due).toBe(1)
    expect(json.districts.map((g: { key: string }) => g.key)).toEqual(['430426'])
    expect(json.gateways.total).toBe(1)
  })

  it('feeds the latest changes that matter, newest first', async () => {
    await hub.transition(cameraA, 'up')
    for (const [to, from] of [
      ['down', 'up'],
      ['up', 'down'],
    ] as const) {
      hub.clock.advance(1_000)
      await hub.transition(cameraA, to, { from })
    }
    const { json } = await hub.ask('oper', 'overview')
    expect(json.feed.map((t: { to: string }) => t.to)).toEqual(['up', 'down'])
    expect(json.feed[0]).toMatchObject({ name: '相机 01', carrier: 'telecom', application: 'safe-city' })
  })

  it('has the trend from the history, and yesterday from the record', async () => {
    const at = dayStart(hub.clock.now())
    hub.history.rows = [{ group: 'city', at, upMs: 90, downMs: 10, unknownMs: 100, exemptMs: 0 }]
    const yesterday = at - 24 * hour
    await hub.record.db.updateTable('device').set({ in_service_from: yesterday }).execute()
    await addInterval(hub, cameraA, { from: yesterday, to: yesterday + 6 * hour, state: 'up' })
    await addInterval(hub, cameraA, { from: yesterday + 6 * hour, to: yesterday + 8 * hour, state: 'down' })
    const { json } = await hub.ask('oper', 'overview')
    expect(json.trend).toEqual([{ at, rate: 0.9, unknown: 0.5 }])
    expect(json.city.yesterday).toBe(0.75)
    const district = (key: string) => json.districts.find((g: { key: string }) => g.key === key)
    expect([district('430405').yesterday, district('430426').yesterday]).toEqual([0.75, null])
  })

  it('counts how far a rollout has come, for whom it is, on the read thread', async () => {
    await hub.importRecords([camera('43042600001320000009', { stage: 'retired' })])
    const bind = (device: string, gateway: string, identity: string | null) =>
      tablesOf<GatewaysTables>(hub.record)
        .db.insertInto('device_binding')
        .values({ device, gateway, identity, every_ms: 1, endpoint: null, xaddr: null, credential: null })
        .execute()
    const { gateways } = (await hub.ask('oper', 'commissioning')).json
    expect(gateways).toEqual({ online: 0, total: 2, asked: 0, toAsk: 0, found: 0, assigned: 0, spooled: 0 })
    const rows = (await hub.ask('oper', 'gateways')).json as { gateway: string; districts: string[] }[]
    const [a, b] = ['430405', '430426'].map((d) => rows.find(({ districts }) => districts.includes(d))!.gateway)
    await bind(cameraA, a!, '{}')
    await bind(cameraB, b!, null)
    await hub.putState(cameraA, 'up')
    const none = { recorded: 0, approved: 0, identified: 0, probed: 0, online: 0 }
    expect((await hub.ask('oper', 'commissioning')).json).toMatchObject({
      cameras: { recorded: 4, approved: 2, identified: 1, online: 1 },
      sensors: none,
    })
    expect((await hub.ask('oper-b', 'commissioning')).json).toMatchObject({
      cameras: { recorded: 1, approved: 1, identified: 0, online: 0 },
      gateways: { total: 1 },
    })
  })

  it('goes on without the history', async () => {
    hub.history.failing = new HubError('history.unavailable', { limit: 'refused' })
    const { status, json } = await hub.ask('oper', 'overview')
    expect([status, json.trend, json.city.yesterday]).toEqual([200, [], null])
    expect(json.city.now.due).toBe(3)
  })

  it('remembers its feed and its states over a restart', async () => {
    const now = hub.clock.now()
    await addInterval(hub, cameraA, { from: now - 2 * hour, to: now - hour, state: 'up' })
    await addInterval(hub, cameraA, { from: now - hour, to: null, state: 'down' })
    const { recentTransitions } = await import('../../overview/src/recent.ts')
    expect(await recentTransitions(tablesOf<OverviewData>(hub.record).db, now - 24 * hour, 10)).toMatchObject([
      { device: cameraA, district: '430405', from: 'up', to: 'down', at: now - hour },
    ])
  })

  it('districts come with their names and snapshots', async () => {
    const { json } = await hub.ask('oper', 'districts')
    expect(json).toHaveLength(12)
    expect(json[0]).toMatchObject({ code: '430405', zh: '珠晖区', en: 'Zhuhui', now: { due: 2, unknown: 2 } })
  })
})

describe('users', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
  })
  afterAll(() => hub.stop())

  it('the security administrator makes users, each name once', async () => {
    const body = { user: 'new.user', password: 'long enough 1', role: 'operator', districts: ['430405'] }
    expect((await hub.ask('sec', 'createUser', { body })).status).toBe(204)
    const again = await hub.ask('sec', 'createUser', { body })
    expect([again.status, again.json.detail]).toEqual([400, 'user is new.user: the name is taken'])
    const { json } = await hub.login('new.user', 'long enough 1')
    expect(json).toMatchObject({ role: 'operator', districts: ['430405'], mustChangePassword: true })
  })

  it.each([
    [{ user: 'X' }, 'user is X: must be 2 to 32 of a–z, 0–9, . _ -'],
    [{ password: 'short' }, 'password is …: Too small: expected string to have >=10 characters'],
    [
      { role: 'root' },
      'role is root: Invalid option: expected one of "sysadmin"|"secadmin"|"auditor"|"operator"|"commander"|"contractor"',
    ],
    [{ districts: [] }, 'districts is []: Too small: expected array to have >=1 items'],
  ])('a user with %o is refused', async (part, detail) => {
    const body = { user: 'another', password: 'long enough 1', role: 'operator', districts: 'city', ...part }
    const { status, json } = await hub.ask('sec', 'createUser', { body })
    expect([status, json.detail]).toEqual([400, detail])
  })

  it('no password is ever seen: not in the log, not in an answer, not in the audit', async () => {
    await hub.login('oper', `${password}x`)
    await hub.ask('sec', 'createUser', {
      body: { user: 'canary', password, role: 'operator', districts: 'city', extra: 1 },
    })
    const seen =
      hub.lines.join('') +
      hub.answers.join('') +
      JSON.stringify(await hub.record.db.selectFrom('audit').selectAll().execute())
    expect(seen).not.toContain(password)
    expect(JSON.stringify(await hub.record.db.selectFrom('user').selectAll().execute())).not.toContain(password)
  })
})
