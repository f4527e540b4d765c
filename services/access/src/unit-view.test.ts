/** A contractor sees the devices, orders and figures of the own unit and nothing else: every route of the table, the stream, the exports. */
import { type RouteName, routes, topic } from '@hub/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { camera, type Hub, startHub } from '../../hub/src/testing/hub.ts'

const unit = '甲维护公司'
/** Of the contractor's unit by the record; given to it by a work order; of another unit; of nobody. In one district, and in two outages. */
const [own, given, foreign, nobodys] = [1, 2, 3, 4].map((n) => `4304050000132000000${n}`) as [
  string,
  string,
  string,
  string,
]
const elsewhere = '43042600001320000009'
const names = ['自有一号', '派单二号', '他人三号', '无主四号', '外县九号']
const shared = '1800000000000-shared'
const theirs = '1800000000000-theirs'
const traces = [foreign, nobodys, elsewhere, names[2]!, names[3]!, names[4]!, '乙维护公司', '祁东', theirs]
const someId = '0198f2f0-0000-7000-8000-000000000000'

/** What about a device, an outage or an order is asked with an id of another. Of nothing else there is an id that a contractor may ask. */
const foreignIds: { [N in RouteName]?: { params: { [name: string]: string }; query?: string; body?: unknown } } = {
  device: { params: { id: foreign } },
  deviceHistory: { params: { id: foreign } },
  intervals: { params: { id: foreign } },
  deviceAdjustments: { params: { id: foreign } },
  deviceAudit: { params: { id: foreign } },
  events: { params: { id: foreign } },
  explain: { params: { id: foreign } },
  telemetry: { params: { id: foreign } },
  observations: { params: { id: foreign }, query: '?from=1&to=2' },
  outage: { params: { id: theirs } },
}
const byDevice = ['own', 'none'] as const
const userOf = { own: 'contr', none: 'contr-none' } as const

let hub: Hub
let order: string
let foreignOrder: string
beforeAll(async () => {
  hub = await startHub()
  await hub.record.commit((sqlite) => sqlite.exec('INSERT INTO interval_past_kept VALUES (0)'))
  const made = [
    camera(own, { name: names[0]!, maintainer: unit }),
    camera(given, { name: names[1]! }),
    camera(foreign, { name: names[2]!, maintainer: '乙维护公司' }),
    camera(nobodys, { name: names[3]! }),
    camera(elsewhere, { name: names[4]!, maintainer: '乙维护公司' }),
  ]
  await hub.importRecords(made)
  for (const id of [own, given, foreign, nobodys, elsewhere]) await hub.putState(id, 'down')
  await hub.putOutage(shared, [own, given, foreign, elsewhere], { kind: 'switch', key: 'SW-1', mode: 'together' })
  await hub.putOutage(theirs, [nobodys, foreign], { kind: 'pole', key: 'P-9', mode: 'together' })
  const issue = async (devices: string[], to: string) =>
    (await hub.ask('oper', 'issueWorkOrder', { body: { devices, unit: to } })).json.id
  order = await issue([given], unit)
  foreignOrder = await issue([foreign, elsewhere], '乙维护公司')
  await hub.ask('oper', 'stepOutage', { params: { id: shared }, body: { step: 'comment', note: '他人三号也断了' } })
  await hub.clock.advanceAsync(120_000)
})
afterAll(() => hub.stop())

const routeNames = Object.keys(routes) as RouteName[]
const paramsOf = (name: RouteName) => [...routes[name].path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key as string)
const isRead = (name: RouteName) => routes[name].method === 'get'
const permitted = ({ needs }: (typeof routes)[RouteName]) => ['view', 'repair', 'session', 'public'].includes(needs)

describe.each(byDevice)('a contractor whose unit is %s', (kind) => {
  const user = userOf[kind]
  const period = () => `?from=${hub.clock.now() - 100_000}&to=${hub.clock.now()}`

  it.each(routeNames.filter((name) => !permitted(routes[name])))('may not ask %s at all', async (name) => {
    const params = Object.fromEntries(paramsOf(name).map((key) => [key, key === 'user' ? 'nobody' : foreign]))
    const { status, text } = await hub.ask(user, name, { params })
    expect(status).toBe(403)
    for (const trace of traces) if (trace !== foreign) expect(text).not.toContain(trace)
  })

  const lists = routeNames.filter(
    (n) => permitted(routes[n]) && isRead(n) && paramsOf(n).length === 0 && n !== 'stream',
  )
  it.each(lists)('%s holds nothing of others', async (name) => {
    const queries: { [N in RouteName]?: string } = {
      uptime: `${period()}&by=device`,
      uptimeSeries: period(),
      uptimeChanges: `${period()}&asOf=${hub.clock.now()}`,
    }
    const { status, text } = await hub.ask(user, name, { query: queries[name] ?? '' })
    expect([name, status]).toEqual([name, 200])
    for (const trace of [...traces, foreignOrder]) expect(text).not.toContain(trace)
    if (kind === 'none') for (const trace of [own, given, shared, order]) expect(text).not.toContain(trace)
  })

  it.each(routeNames.filter((n) => permitted(routes[n]) && paramsOf(n).includes('id')))(
    '%s of another answers as if there were none',
    async (name) => {
      const ofOrders = { params: { id: foreignOrder }, body: { step: 'comment', note: '看看' } }
      const ofExports = { params: { id: someId } }
      const asked = foreignIds[name] ?? (/WorkOrder|workOrder/.test(name) ? ofOrders : ofExports)
      const { body, ...rest } = asked as typeof ofOrders
      const { status, text } = await hub.ask(user, name, routes[name].method === 'get' ? rest : asked)
      // Who is in no unit steps no order, whichever it is.
      expect([name, status]).toEqual([name, name === 'stepWorkOrder' && kind === 'none' ? 403 : 404])
      for (const trace of traces) if (trace !== asked.params.id) expect(text).not.toContain(trace)
      expect(body).toBeDefined
    },
  )
})

describe('a contractor', () => {
  const json = async (name: RouteName, more: Parameters<Hub['ask']>[2] = {}) =>
    (await hub.ask('contr', name, more)).json
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)

  it('sees the devices that the unit maintains, and those of its open orders, in the list and in the file', async () => {
    expect(ids((await json('devices')).devices)).toEqual([own, given])
    expect((await json('devices')).total).toBe(2)
    expect(ids((await json('devices', { query: '?limit=20000' })).devices)).toEqual([own, given])
    const { text } = await hub.ask('contr', 'exportDevices')
    expect(text.trimEnd().split('\n')).toHaveLength(3)
    expect((await hub.ask('contr-none', 'exportDevices')).text.trimEnd().split('\n')).toHaveLength(1)
    for (const id of [own, given]) expect((await hub.ask('contr', 'device', { params: { id } })).status).toBe(200)
  })

  it('has figures of these alone', async () => {
    const overview = await json('overview')
    expect(overview.city.now).toMatchObject({ due: 2, down: 2 })
    expect(overview.districts.map(({ key }: { key: string }) => key)).toEqual(['430405'])
    expect(overview.outages.rows).toMatchObject([{ id: shared, members: 2, down: 2, districts: ['430405'] }])
    const query = `?from=${hub.clock.now() - 100_000}&to=${hub.clock.now()}&by=device`
    const uptime = await json('uptime', { query })
    expect(uptime.rows.map((row: { key: { device: string } }) => row.key.device)).toEqual([own, given])
    expect(uptime.total.devices).toBe(2)
    expect((await hub.ask('contr-none', 'uptime', { query })).json.total.devices).toBe(0)
  })

  it('reads the exemptions and the audit lines of its devices, which name no other', async () => {
    const request = {
      kind: 'exemption',
      countAs: 'exempt',
      scope: { by: 'devices', values: [own, foreign] },
      from: hub.clock.now() - 50_000,
      to: hub.clock.now(),
      reason: '停电',
      applicant: '供电所',
    }
    const { id } = (await hub.ask('oper', 'requestAdjustment', { body: request })).json
    await hub.ask('sys', 'decideAdjustment', { params: { id }, body: { decision: 'approve' } })
    const adjustments = await json('deviceAdjustments', { params: { id: own } })
    expect(adjustments).toMatchObject([
      { id, status: 'approved', requestedBy: 'oper', decidedBy: 'sys', devices: 1, scope: { values: [own] } },
    ])
    for (const trace of traces) expect(JSON.stringify(adjustments)).not.toContain(trace)
    expect(await json('deviceAdjustments', { params: { id: given } })).toEqual([])
    await hub.deps.audit.append(hub.record.db as never, {
      at: hub.clock.now(),
      actor: 'oper',
      action: 'device.stage',
      subject: own,
      detail: { to: 'in-service' },
    })
    expect((await json('deviceAudit', { params: { id: own } })).lines).toMatchObject([
      { actor: 'oper', action: 'device.stage', subject: own },
    ])
    // Whose devices they are not reads them as auditor, or not at all.
    expect((await hub.ask('oper', 'deviceAudit', { params: { id: own } })).status).toBe(403)
    expect((await hub.ask('contr', 'audit')).status).toBe(403)
  })

  it('sees of an outage that it shares its own part: no totals, no count of what is hidden, no talk about others', async () => {
    const board = await json('outages')
    expect(board).toMatchObject({
      total: 1,
      down: 2,
      outages: [{ id: shared, members: 2, down: 2, districts: ['430405'] }],
    })
    const detail = await json('outage', { params: { id: shared } })
    expect(detail).toMatchObject({ hidden: true, steps: [], outage: { evidence: { down: 2, of: 2, rejected: [] } } })
    expect(detail.members.map(({ device }: { device: string }) => device)).toEqual([own, given])
    for (const trace of traces) expect(JSON.stringify(detail)).not.toContain(trace)
  })

  it('a viewer of one district sees of it that part, with its own counts in the history too', async () => {
    const { json: detail } = await hub.ask('oper-b', 'outage', { params: { id: shared } })
    expect(detail).toMatchObject({ hidden: true, outage: { members: 1, down: 1, districts: ['430426'] } })
    expect(detail.outage.evidence).toMatchObject({ down: 1, of: 1, rejected: [] })
    expect(JSON.stringify(detail.similar)).not.toContain(theirs)
  })

  it('exports what it sees, and no report of what is of no one unit', async () => {
    const query = { from: String(hub.clock.now() - 100_000), to: String(hub.clock.now()), by: 'device' }
    const ask = (report: string) =>
      hub.ask('contr', 'requestExport', { body: { report, format: 'csv', query: report === 'progress' ? {} : query } })
    expect((await ask('uptime')).status).toBe(200)
    expect((await ask('intervals')).status).toBe(200)
    expect((await ask('progress')).status).toBe(403)
    const rows = await hub.record.db.selectFrom('export').select('scope').execute()
    for (const { scope } of rows) expect(JSON.parse(scope)).toEqual({ scope: 'city', devices: [own, given] })
  })

  it('hears on the stream of these devices, and no id of anything else', async () => {
    const streams = { own: await hub.openStream('contr'), none: await hub.openStream('contr-none') }
    for (const stream of Object.values(streams)) await expect.poll(() => stream.of('snapshot').length).toBe(1)
    expect(streams.own.of('snapshot')[0].ids).toEqual([own, given])
    expect(streams.none.of('snapshot')[0].ids).toEqual([])
    for (const id of [own, given, foreign, elsewhere]) await hub.transition(id, 'up')
    const event = {
      v: 1,
      device: foreign,
      district: '430405',
      at: hub.clock.now(),
      kind: 'firmware',
      from: '1',
      to: '2',
    }
    await hub.bus.deliver(topic('events', { district: '430405' }), event)
    const districts = ['430405'] as const
    const told = { v: 1, at: hub.clock.now(), districts } as const
    for (const change of [
      { ...told, what: 'outages', id: theirs },
      { ...told, what: 'adjustments', id: someId },
      { ...told, what: 'work-orders', id: foreignOrder, unit: '乙维护公司' },
      { ...told, what: 'exports', id: someId, districts: 'city', user: 'oper' },
      { ...told, what: 'work-orders', id: order, unit },
    ])
      await hub.bus.deliver(topic('changed'), change)
    await hub.clock.advanceAsync(3_000)
    await expect.poll(() => streams.own.of('transition').map((t) => t.device)).toEqual([own, given])
    await expect.poll(() => streams.own.of('changed')).toContainEqual({ what: 'work-orders', id: order })
    expect(streams.own.of('changed')).toContainEqual({ what: 'outages', id: null })
    expect(streams.own.of('event')).toEqual([])
    for (const [kind, stream] of Object.entries(streams)) {
      const all = JSON.stringify(stream.events)
      for (const trace of [...traces, foreignOrder, someId]) expect(all).not.toContain(trace)
      if (kind === 'none') for (const trace of [own, given, order]) expect(all).not.toContain(trace)
      await stream.close()
    }
  })

  it('sees a device no more once its order is cancelled', async () => {
    await hub.ask('oper', 'stepWorkOrder', { params: { id: order }, body: { step: 'cancel', note: '误派' } })
    expect(ids((await json('devices')).devices)).toEqual([own])
    expect((await hub.ask('contr', 'device', { params: { id: given } })).status).toBe(404)
  })
})
