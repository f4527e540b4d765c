/** Rates over any period, what lies under them, telemetry and progress, over HTTP. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { topic } from '@hub/contracts'
import { dayStart } from '@hub/core'
import { exportPath } from '@hub/platform'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, gatewayA, gatewayB, type Hub, sensorA, startHub } from '../testing/hub.ts'

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

  it('hour by hour: from the history otherwise', async () => {
    hub.history.rows = [
      { group: 'city', at: today, upMs: 90, downMs: 10, unknownMs: 5, exemptMs: 1 },
      { group: 'city', at: today - hour, upMs: 1, downMs: 0, unknownMs: 0, exemptMs: 0 },
    ]
    const { json } = await hub.ask('oper', 'uptimeSeries', { query: `?step=hour&from=${today}&to=${today + hour}` })
    expect(json.points).toEqual([
      { at: today - hour, up: 1, down: 0, unknown: 0, exempt: 0, rate: 1 },
      { at: today, up: 90, down: 10, unknown: 5, exempt: 1, rate: 0.9 },
    ])
  })
})

describe('observations under an interval', () => {
  let hub: Hub
  const t0 = 1_700_000_000_000
  const look = (device: string, at: number) => ({
    ...{ device, at, kind: 'probe', verdict: 'pass', rung: 'answers', every: 30_000 },
  })
  beforeAll(async () => {
    hub = await startHub()
    await hub.importRecords([camera(cameraA), camera(cameraB)])
    await hub.record.db.updateTable('device').set({ gateway: gatewayA }).where('id', '=', cameraA).execute()
    let id = 0
    const put = (gateway: string, observations: ReturnType<typeof look>[]) => {
      const times = observations.map((o) => o.at)
      const payload = zstdCompressSync(JSON.stringify({ v: 1, gateway, epoch: 1, seq: ++id, observations }))
      const rest = { epoch: 1, seq: id, count: observations.length, received_at: t0, payload }
      const values = { id, gateway, first_at: Math.min(...times), last_at: Math.max(...times), ...rest }
      return hub.record.db.insertInto('batch').values(values).execute()
    }
    // A late one comes last; one that is wide begins long before the period.
    for (let n = 0; n < 40; n++) await put(gatewayA, [look(cameraA, t0 + n * 1_000), look(cameraB, t0 + n * 1_000)])
    await put(gatewayA, [look(cameraA, t0 - 100_000), look(cameraA, t0 + 500)])
    await put(gatewayB, [look(cameraB, t0 + 700)])
    await hub.record.db.insertInto('meta').values({ key: 'ingest:span', value: '100500' }).execute()
    const run = { fresh_until: 0, count: 7, verdict: 'fail', rung: 'reachable', reason: 'timeout', heads: '[]' }
    const runs = [t0 - 9_000, t0 - 2_000, t0 + 5_000, t0 + 90_000]
    for (const first_at of runs)
      await hub.record.db
        .insertInto('evidence')
        .values({ ...run, device: cameraA, first_at, last_at: first_at + 2_000 })
        .execute()
  })
  afterAll(() => hub.stop())
  const ask = async (user: string, id: string, more = '') =>
    (await hub.ask(user, 'observations', { params: { id }, query: `?from=${t0}&to=${t0 + 30_000}${more}` })).json
  const times = (answer: { observations: { at: number }[] }) => answer.observations.map((o) => o.at - t0)

  it('come in the order of their time, of the device alone, with the evidence', async () => {
    const answer = await ask('oper', cameraA)
    expect(times(answer)).toEqual([0, 500, ...Array.from({ length: 29 }, (_, n) => (n + 1) * 1_000)])
    expect(answer.observations.every((o: { device: string }) => o.device === cameraA)).toBe(true)
    expect(answer.truncated).toBe(false)
    expect(answer.evidence.map((e: { firstAt: number }) => e.firstAt - t0)).toEqual([-2_000, 5_000])
    expect(answer.keptFrom).toBe(hub.clock.now() - 7 * 24 * hour)
  })

  it('that are too many are cut, and it is said', async () => {
    const answer = await ask('oper', cameraA, '&limit=3')
    expect([times(answer), answer.truncated]).toEqual([[0, 500, 1_000], true])
  })

  it('of a device that no gateway has are looked for at those of its district', async () => {
    expect(times(await ask('oper', cameraB))).toEqual([700])
  })
})

describe('telemetry', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
    await hub.importRecords([camera(sensorA, { kind: 'sensor' })])
    hub.history.telemetry = async ({ measure, limit, from, to }) =>
      measure === 'pm25'
        ? [1, 2, 3]
            .map((n) => ({ device: sensorA, district: '430405', measure, at: hub.clock.now() - n * hour, value: n }))
            .filter(({ at }) => at >= from && at < to)
            .reverse()
            .slice(-limit)
        : []
  })
  afterAll(() => hub.stop())

  it('has unit, range, the latest value and the history of what the sensor measures', async () => {
    const now = hub.clock.now()
    const { json } = await hub.ask('oper', 'telemetry', { params: { id: sensorA } })
    expect(json.measures).toEqual([
      {
        ...{ measure: 'pm25', unit: 'µg/m³', min: 0, max: 2_000, latest: { at: now - hour, value: 1 } },
        points: [
          [now - 3 * hour, 3],
          [now - 2 * hour, 2],
          [now - hour, 1],
        ],
      },
    ])
    const old = await hub.ask('oper', 'telemetry', { params: { id: sensorA }, query: `?to=${now - 2 * hour}` })
    expect(old.json.measures[0]).toMatchObject({ latest: { value: 1 }, points: [[now - 3 * hour, 3]] })
    const query = `?measure=noise&from=${now - hour}`
    const other = await hub.ask('oper', 'telemetry', { params: { id: sensorA }, query })
    expect(other.json.measures).toMatchObject([{ measure: 'noise', unit: 'dB(A)', latest: null, points: [] }])
  })
})

it('progress: stages against the plan, of the viewer’s districts', async () => {
  const hub = await startHub()
  await hub.importRecords([
    camera(cameraA, { plannedAt: '2026-06-01', installTime: '2026-06-20', inServiceAt: '2026-08-01' } as never),
    camera(cameraA2, { stage: 'planned', carrier: 'mobile', plannedAt: '2026-12-01' } as never),
    camera(cameraB, { stage: 'built', installTime: '2026-07-01' } as never),
  ])
  const { json } = await hub.ask('oper', 'progress')
  expect(json.total).toMatchObject({ planned: 3, built: 2, inService: 1, due: 2, late: 1 })
  expect(json.groups.map((g: { key: string }) => g.key)).toEqual(['430405', '430426'])
  expect(json.curve.at(-1)).toMatchObject({ day: '2027-01-15', planned: 3, built: 2, inService: 1 })
  const own = await hub.ask('oper-a', 'progress', { query: '?by=carrier' })
  expect(own.json.groups).toMatchObject([
    { key: 'mobile', planned: 1 },
    { key: 'telecom', planned: 1 },
  ])
  expect((await hub.ask('oper-a', 'progress', { query: '?district=430426' })).json.total.planned).toBe(0)
  await hub.stop()
})

describe('exports', () => {
  let hub: Hub
  let data: string
  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'hub-api-'))
    hub = await startHub({}, { data })
  })
  afterEach(async () => {
    await hub.stop()
    rmSync(data, { recursive: true, force: true })
  })
  const body = { report: 'uptime', format: 'xlsx', query: { from: '1', to: '2', by: ['district'] } }
  const request = async (user: string, more: object = {}) =>
    (await hub.ask(user, 'requestExport', { body: { ...body, ...more } })).json
  const finish = async (id: string, bytes: string, fileName: string) => {
    mkdirSync(join(data, 'exports'), { recursive: true })
    writeFileSync(exportPath(data, id, 'xlsx'), bytes)
    await hub.record.db
      .updateTable('export')
      .set({ status: 'done', file_name: fileName, bytes: bytes.length, ended_at: 5 })
      .where('id', '=', id)
      .execute()
  }
  const file = (user: string, id: string) => hub.ask(user, 'exportFile', { params: { id } })
  const acts = async () =>
    (await hub.record.db.selectFrom('audit').selectAll().where('action', 'like', 'export.%').execute()).map((a) => [
      a.actor,
      a.action,
    ])

  it('wait with the scope of whoever asks, are told, fetched under their Chinese name, and audited', async () => {
    const job = await request('oper-a')
    expect(job).toMatchObject({ status: 'waiting', requestedBy: 'oper-a', progress: 0 })
    const row = await hub.record.db.selectFrom('export').selectAll().executeTakeFirstOrThrow()
    expect(JSON.parse(row.scope)).toEqual(['430405'])
    expect(hub.bus.published.filter((m) => m.topic === topic('exports')).length).toBe(1)
    const early = await file('oper-a', job.id)
    expect([early.status, early.json.code]).toEqual([409, 'export.not-ready'])
    await finish(job.id, 'PK-bytes', `在线率 "2026"'.xlsx`)
    const answer = await file('oper-a', job.id)
    expect([answer.status, answer.text]).toEqual([200, 'PK-bytes'])
    expect(answer.headers.get('content-type')).toContain('spreadsheetml.sheet')
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="hengyang-export.xlsx"; filename*=UTF-8''%E5%9C%A8%E7%BA%BF%E7%8E%87%20%222026%22%27.xlsx`,
    )
    expect(await acts()).toEqual([
      ['oper-a', 'export.request'],
      ['oper-a', 'export.download'],
    ])
  })

  it('are the asker’s alone: nobody else lists, fetches or cancels them', async () => {
    const { id } = await request('oper-a')
    await finish(id, 'secret', 'x.xlsx')
    expect((await hub.ask('oper', 'exports')).json).toEqual({ jobs: [] })
    expect((await hub.ask('oper-a', 'exports')).json.jobs).toMatchObject([{ id }])
    for (const name of ['exportFile', 'cancelExport'] as const) {
      const { status, json } = await hub.ask('oper', name, { params: { id } })
      expect([status, json.code]).toEqual([404, 'export.unknown'])
    }
  })

  it('that wait or run are cancelled; one whose file is gone says so', async () => {
    const { id } = await request('oper')
    expect((await hub.ask('oper', 'cancelExport', { params: { id } })).status).toBe(204)
    expect((await hub.ask('oper', 'exports')).json.jobs[0].status).toBe('cancelled')
    const other = await request('oper')
    await finish(other.id, 'x', 'x.xlsx')
    rmSync(exportPath(data, other.id, 'xlsx'))
    expect((await file('oper', other.id)).json.detail).toBe('the export is deleted')
  })

  it('a query that the route would refuse is refused at once', async () => {
    const { status, json } = await hub.ask('oper', 'requestExport', { body: { ...body, query: { from: '1' } } })
    expect([status, json.field]).toEqual([400, 'to'])
  })

  it.each(['..%2f..%2frecord.db', '%2e%2e%2f', '..%5c..%5crecord.db', 'x%00', '%252e%252e'])(
    'no path leads out of their folder: %s',
    async (id) => {
      await hub.login('oper')
      const answer = await file('oper', id)
      expect([400, 404]).toContain(answer.status)
      expect(answer.text).not.toContain('SQLite')
    },
  )
})
