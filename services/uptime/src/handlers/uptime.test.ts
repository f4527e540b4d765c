import { dayStart } from '@hub/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, type Hub, startHub } from '../../../hub/src/testing/hub.ts'

const hour = 3_600_000
const cameraA2 = '43040500001320000002'
const rule = JSON.stringify({ id: 'confirmed', count: 1, needed: 1, firstAt: 1, lastAt: 2 })

describe('online rate', () => {
  let hub: Hub
  let today: number
  beforeAll(async () => {
    hub = await startHub()
    await hub.importRecords([
      camera(cameraA, { project: '一期' }),
      camera(cameraA2, { carrier: 'mobile' }),
      camera(cameraB, { project: '一期' }),
    ])
    today = dayStart(hub.clock.now())
    await hub.record.db
      .updateTable('device')
      .set({ in_service_from: today - 24 * hour })
      .execute()
    for (const [device, state] of [
      [cameraA, 'up'],
      [cameraA2, 'degraded'],
      [cameraB, 'down'],
    ] as const)
      await hub.record.db
        .insertInto('interval')
        .values({ device, from_at: today - 24 * hour, to_at: null, state, rule })
        .execute()
  })
  afterAll(() => hub.stop())
  const period = (hours: number) => `?from=${today - 24 * hour}&to=${today - (24 - hours) * hour}`

  it('by any attribute, with the total, the policy and its rules', async () => {
    const { json } = await hub.ask('oper', 'uptime', { query: `${period(24)}&by=district&by=project` })
    expect(json.rows).toMatchObject([
      { key: { district: '430405', project: '' }, devices: 1, up: 24 * hour, rate: 1 },
      { key: { district: '430405', project: '一期' }, devices: 1, up: 24 * hour, rate: 1 },
      { key: { district: '430426', project: '一期' }, devices: 1, down: 24 * hour, rate: 0 },
    ])
    expect(json.total).toMatchObject({ devices: 3, up: 48 * hour, down: 24 * hour, rate: 2 / 3 })
    expect(json.policy).toMatchObject({ target: 0.96, rules: expect.arrayContaining(['Degraded counts as up.']) })
    const zh = await hub.ask('oper', 'uptime', { query: period(1), headers: { 'accept-language': 'zh' } })
    expect(zh.json.policy.rules[0]).toContain('降级')
    expect(zh.json.rows).toMatchObject([{ key: {}, devices: 3 }])
  })

  it('ends now at the latest, and a viewer’s districts bound it', async () => {
    const { json } = await hub.ask('oper-a', 'uptime', { query: `?from=${today}&to=${today + 480 * hour}&by=device` })
    expect(json.to).toBe(hub.clock.now())
    expect(json.rows.map((r: { key: { device: string } }) => r.key.device)).toEqual([cameraA, cameraA2])
    const foreign = await hub.ask('oper-a', 'uptime', { query: `${period(24)}&district=430426` })
    expect(foreign.json).toMatchObject({ total: { devices: 0, up: 0, rate: null } })
    const device = await hub.ask('oper-a', 'uptime', { query: `${period(24)}&device=${cameraB}&by=device` })
    expect([device.json.total.devices, device.text.includes(cameraB)]).toEqual([0, false])
    const future = await hub.ask('oper', 'uptime', { query: `?from=${today + 480 * hour}&to=${today + 490 * hour}` })
    expect(future.json.total).toMatchObject({ up: 0, rate: null })
    expect((await hub.ask('oper', 'uptime', { query: '?from=5&to=5' })).json.detail).toBe('to is 5: must be after from')
  })

  it('day by day', async () => {
    const { json } = await hub.ask('oper', 'uptimeSeries', { query: `?from=${today - 48 * hour}&to=${today + hour}` })
    expect(json.points.map((p: { at: number; rate: number }) => [(p.at - today) / hour, p.rate])).toEqual([
      [-48, null],
      [-24, 2 / 3],
      [0, 2 / 3],
    ])
  })

  it('hour by hour: exactly where the history cannot tell the devices apart', async () => {
    const query = `?step=hour&from=${today - 24.5 * hour}&to=${today - 22.5 * hour}&project=${encodeURIComponent('一期')}`
    const { json } = await hub.ask('oper', 'uptimeSeries', { query })
    expect(json.points.map((p: { at: number; up: number; down: number }) => [p.up / hour, p.down / hour])).toEqual([
      [0, 0],
      [1, 1],
      [0.5, 0.5],
    ])
    const own = await hub.ask('oper-a', 'uptimeSeries', { query })
    expect(own.json.points[1]).toMatchObject({ up: hour, down: 0, rate: 1 })
    const long = await hub.ask('oper', 'uptimeSeries', {
      query: `?step=hour&from=${today - 240 * hour}&to=${today}&device=${cameraA}`,
    })
    expect([long.status, long.json.field]).toEqual([400, 'from'])
  })

  const hourly = async (from: number, to: number) => {
    const { json } = await hub.ask('oper', 'uptimeSeries', { query: `?step=hour&from=${from}&to=${to}` })
    return json
  }
  const settle = (written: number) =>
    hub.record.commit((sqlite) =>
      sqlite.exec(
        `INSERT OR REPLACE INTO setting (room, key, value) VALUES ('uptime', 'buckets:written', '${written}')`,
      ),
    )

  it('hour by hour: from the history otherwise; an hour of which buckets are missing says so', async () => {
    hub.history.rows = [
      { group: 'city', at: today, upMs: 90, downMs: 10, unknownMs: 5, exemptMs: 1 },
      { group: 'city', at: today - hour, upMs: 1, downMs: 0, unknownMs: 0, exemptMs: 0 },
    ]
    await settle(today + hour / 2)
    const { points, keptFrom } = await hourly(today - hour, today + hour)
    expect(points).toEqual([
      {
        at: today - hour,
        up: 1,
        down: 0,
        unknown: 0,
        exempt: 0,
        rate: 1,
        rateText: '100.00 %',
        partial: false,
        recomputing: false,
      },
      {
        at: today,
        up: 90,
        down: 10,
        unknown: 5,
        exempt: 1,
        rate: 0.9,
        rateText: '90.00 %',
        partial: true,
        recomputing: false,
      },
    ])
    expect(keptFrom).toBeNull()
  })

  it('hour by hour: what late data changes is being made again', async () => {
    hub.history.rows = [{ group: 'city', at: today - hour, upMs: 1, downMs: 0, unknownMs: 0, exemptMs: 0 }]
    await settle(today)
    await hub.record.commit((sqlite) =>
      sqlite.exec(
        `INSERT INTO uptime_dirty (device, consumer, from_at, to_at, first_marked_at, last_marked_at, marks)
         VALUES ('${cameraA}', 'buckets', ${today - hour + 5}, ${today - hour + 6}, 1, 1, 1)`,
      ),
    )
    expect((await hourly(today - hour, today)).points).toMatchObject([{ partial: false, recomputing: true }])
  })

  it('hour by hour: an hour that the period cuts is exact, and says that it is a part', async () => {
    hub.history.rows = [{ group: 'city', at: today - 24 * hour, upMs: 7, downMs: 7, unknownMs: 7, exemptMs: 7 }]
    const { points } = await hourly(today - 23.75 * hour, today - 23 * hour)
    expect(points).toMatchObject([{ at: today - 24 * hour, up: 1.5 * hour, down: 0.75 * hour, partial: true }])
  })

  it('hours that are not kept are said, and are no empty list without a word', async () => {
    hub.history.rows = []
    const { points, keptFrom, asOf } = await hourly(today - 200 * 24 * hour, today - 199 * 24 * hour)
    expect(points).toEqual([])
    expect(asOf - keptFrom).toBeLessThanOrEqual(90 * 24 * hour)
  })

  it('day by day: the running day is a part, and every day is as the Record has it', async () => {
    const query = `?from=${today - 24 * hour}&to=${today + hour}`
    const { json } = await hub.ask('oper', 'uptimeSeries', { query })
    expect(json.points).toMatchObject([
      { partial: false, recomputing: false },
      { partial: true, recomputing: false },
    ])
  })
})
