/** Devices, over real HTTP and a real record. */
import type { Interval } from '@hub/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, gatewayA, type Hub, sensorA, startHub } from '../../../hub/src/testing/hub.ts'

const hour = 3_600_000
const rule = { id: 'confirmed' as const, count: 1, needed: 1, firstAt: 1, lastAt: 2 }
const addInterval = (hub: Hub, device: string, { from, to, state }: Pick<Interval, 'from' | 'to' | 'state'>) =>
  hub.record.db
    .insertInto('interval')
    .values({ device, from_at: from, to_at: to, state, rule: JSON.stringify(rule) })
    .execute()
const acts = (hub: Hub, action: string) =>
  hub.record.db.selectFrom('audit').selectAll().where('action', '=', action).execute()
const status = (gateway: string, at: number) => ({
  v: 1 as const,
  gateway,
  online: true,
  at,
  version: '0.1.0',
  assignment: 1,
  devices: 1,
  spooled: 0,
  clockOffsetMs: 0,
  blind: false,
})

describe('devices', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
    await hub.importRecords([
      camera(cameraA, { name: '100%_路口', ipAddress: '127.11.0.5', project: '一期' }),
      camera('43040500001320000002', { carrier: 'mobile', stage: 'built' }),
      camera(cameraB, { application: 'traffic' }),
      camera(sensorA, { kind: 'sensor', application: 'environment' }),
    ])
  })
  afterAll(() => hub.stop())
  const ids = async (query: string) =>
    (await hub.ask('oper', 'devices', { query })).json.devices.map((d: { id: string }) => d.id)

  it.each([
    ['', [cameraA, '43040500001320000002', sensorA, cameraB]],
    ['?district=430426', [cameraB]],
    ['?carrier=mobile&carrier=unicom', ['43040500001320000002']],
    ['?application=traffic&application=environment', [sensorA, cameraB]],
    ['?stage=built', ['43040500001320000002']],
    ['?kind=sensor', [sensorA]],
    ['?state=up', []],
    ['?state=unknown&kind=sensor', [sensorA]],
    [`?gateway=${gatewayA}`, [sensorA]],
    ['?search=127.11', [cameraA]],
    ['?search=%25_%E8%B7%AF', [cameraA]],
    ['?search=%25', [cameraA]],
    ["?search=' or 1=1 --", []],
  ])('are found by %s', async (query, expected) => {
    expect(await ids(query)).toEqual(expected)
  })

  it('come in pages that name the next', async () => {
    const first = await hub.ask('oper', 'devices', { query: '?limit=3' })
    expect(first.json).toMatchObject({ total: 4, next: sensorA })
    const second = await hub.ask('oper', 'devices', { query: `?limit=3&after=${sensorA}` })
    expect(second.json).toMatchObject({ total: 4, next: null, devices: [{ id: cameraB }] })
  })

  it('one is explained: record, faults, rule, probes, days', async () => {
    const now = hub.clock.now()
    const probe = {
      device: cameraA,
      at: now,
      kind: 'probe',
      verdict: 'fail',
      rung: 'reachable',
      reason: 'refused',
      every: 30_000,
    }
    await hub.record.db
      .insertInto('device_state')
      .values({
        device: cameraA,
        state: 'down',
        since: now - hour,
        rule: JSON.stringify(rule),
        last_at: now,
        recent: JSON.stringify([probe]),
        health: null,
        applied: null,
      })
      .execute()
    await hub.record.commit((sqlite) => {
      sqlite
        .prepare('INSERT INTO device_binding (device, gateway, every_ms) VALUES (?, ?, 30000)')
        .run(cameraA, gatewayA)
      sqlite
        .prepare('UPDATE gateway SET status = ?, last_seen_at = ? WHERE id = ?')
        .run(JSON.stringify(status(gatewayA, now)), now, gatewayA)
    })
    await hub.record.db
      .updateTable('device')
      .set({ in_service_from: now - 3 * hour })
      .where('id', '=', cameraA)
      .execute()
    await addInterval(hub, cameraA, { from: now - 2 * hour, to: now - hour, state: 'degraded' })
    await addInterval(hub, cameraA, { from: now - hour, to: null, state: 'down' })

    const { json } = await hub.ask('oper', 'device', { params: { id: cameraA } })
    expect(json.device).toMatchObject({ state: 'down', since: now - hour, lastSeenAt: now, gateway: gatewayA })
    expect(json.record.name).toBe('100%_路口')
    expect(json.faults).toEqual([])
    expect(json.rule).toEqual(rule)
    expect(json.probes).toEqual([probe])
    expect(json.gateway).toEqual({ id: gatewayA, online: true, lastSeenAt: now })
    expect(json.days).toHaveLength(30)
    expect(json.days.at(-1)).toEqual({ day: '2027-01-15', up: 3_600, down: 3_600, unknown: 3_600, exempt: 0 })
    expect(json.days.at(-2)).toMatchObject({ up: 0, down: 0, unknown: 0, exempt: 0 })
  })

  it('its intervals come whole, with totals that add up to the period', async () => {
    const now = hub.clock.now()
    const query = `?from=${now - 90 * 60_000}&to=${now}`
    const { json } = await hub.ask('oper', 'intervals', { params: { id: cameraA }, query })
    expect(json.intervals).toMatchObject([
      { from: now - 2 * hour, to: now - hour, state: 'degraded' },
      { from: now - hour, to: null, state: 'down' },
    ])
    expect(json.totals).toEqual({ up: hour / 2, down: hour, unknown: 0, exempt: 0 })
    expect(json.rate).toBe(1 / 3)
    const day = (await hub.ask('oper', 'intervals', { params: { id: cameraA } })).json
    expect(day.to - day.from).toBe(24 * hour)
    expect(day.totals.up + day.totals.down + day.totals.unknown + day.totals.exempt).toBe(24 * hour)
  })

  it('a stage change moves along the life cycle, is audited, and is said to whoever keeps a copy', async () => {
    const id = '43040500001320000002'
    const before = hub.registryChanges().length
    const { json } = await hub.ask('oper', 'stage', { params: { id }, body: { stage: 'accepted', reason: '验收合格' } })
    expect(json.stage).toBe('accepted')
    await hub.ask('oper', 'stage', { params: { id }, body: { stage: 'in-service', reason: '投用' } })
    const row = await hub.record.db.selectFrom('device').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(row).toMatchObject({ stage: 'in-service', in_service_from: hub.clock.now(), in_service_to: null })
    expect(JSON.parse(row.record).stage).toBe('in-service')
    expect((await acts(hub, 'device.stage')).map((a) => [a.actor, a.subject, JSON.parse(a.detail)])).toEqual([
      ['oper', id, { from: 'built', to: 'accepted', reason: '验收合格' }],
      ['oper', id, { from: 'accepted', to: 'in-service', reason: '投用' }],
    ])
    const said = hub.registryChanges().slice(before)
    expect(said.map(({ devices, gateways }) => [devices, gateways])).toEqual([
      [[id], []],
      [[id], []],
    ])
  })
})
