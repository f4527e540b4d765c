/** Who may do what, and to what: each route × each role, and each route × objects of another district. */
import {
  errorMessage,
  type Permission,
  type Role,
  type Route,
  type RouteName,
  rolePermissions,
  roles,
  routes,
  topic,
  topicFilter,
} from '@hub/contracts'
import { type GatewaysData, putFound } from '@hub/gateways'
import { putDeadLetter, tablesOf } from '@hub/platform'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  camera,
  cameraA,
  cameraB,
  gatewayA,
  gatewayB,
  type Hub,
  sensorA,
  sensorB,
  startHub,
  userOfRole,
} from '../../hub/src/testing/hub.ts'
import type { MonitoredTables } from '../../monitored/src/tables.ts'

const routeNames = Object.keys(routes) as RouteName[]
const routeOf = (name: RouteName): Route => routes[name]

/** Of nothing: a row that there is not. */
const someId = '0198f2f0-0000-7000-8000-000000000000'
const exemption = (device: string) => ({
  kind: 'exemption',
  countAs: 'exempt',
  from: 1,
  to: 2,
  reason: '停电',
  applicant: '供电局',
  scope: { by: 'devices', values: [device] },
})

const outageOf = (device: string) => `1800000000000-${device}`

const incident = (device: string) => ({ title: '积水', class: 'natural-disaster', type: 'flood', device })
const plan = {
  name: '内涝',
  class: 'natural-disaster',
  type: 'flood',
  levels: [3],
  steps: [{ title: '封路', role: '交警', limitMinutes: null, hint: null }],
}

/** A request of each route about the objects of one district, well formed. */
const requests = (device: string, sensor: string, gateway: string) => ({
  login: { body: { user: 'nobody', password: 'x' } },
  whoami: {},
  logout: {},
  changePassword: { body: { oldPassword: 'x', password: 'long enough 1' } },
  overview: { query: `?district=${device.slice(0, 6)}` },
  districts: {},
  devices: { query: `?district=${device.slice(0, 6)}` },
  device: { params: { id: device } },
  deviceHistory: { params: { id: device } },
  deviceAdjustments: { params: { id: device } },
  deviceAudit: { params: { id: device } },
  intervals: { params: { id: device } },
  events: { params: { id: device } },
  explain: { params: { id: device } },
  stage: { params: { id: device }, body: { stage: 'planned', reason: 'test' } },
  command: { params: { id: device }, body: { name: 'probe' } },
  exportDevices: {},
  exportWorkbook: {},
  importDevices: { raw: 'DeviceID\n' },
  sensorCredentials: { body: { devices: [sensor] } },
  discovered: {},
  approve: { body: { approve: [{ endpoint: `urn:uuid:${device.slice(0, 6)}`, device }] } },
  reject: { body: { reject: [{ endpoint: `urn:uuid:${device.slice(0, 6)}`, reason: 'not ours' }] } },
  rollout: { query: `?district=${device.slice(0, 6)}` },
  exportRollout: { query: `?district=${device.slice(0, 6)}` },
  discover: { params: { id: gateway } },
  addCamera: { params: { id: gateway }, body: { xaddr: 'http://10.0.0.9/onvif/device_service' } },
  acceptCertificate: { params: { id: device }, body: { fingerprint: 'a'.repeat(64) } },
  gateways: {},
  decideGatewayKey: { params: { id: gateway }, body: { key: 'k'.repeat(43), decision: 'approve', reason: '换机' } },
  uptime: { query: `?from=1&to=2&by=device&district=${device.slice(0, 6)}` },
  uptimeSeries: { query: `?from=1&to=2&district=${device.slice(0, 6)}` },
  uptimeChanges: { query: `?from=1&to=2&asOf=2&district=${device.slice(0, 6)}` },
  kpis: { query: `?from=1&to=2&district=${device.slice(0, 6)}` },
  platforms: {},
  telemetry: { params: { id: sensor } },
  observations: { params: { id: device }, query: '?from=1&to=2' },
  adjustments: {},
  requestAdjustment: { body: exemption(device) },
  previewAdjustment: { body: exemption(device) },
  adjustmentEffect: { params: { id: someId } },
  decideAdjustment: { params: { id: someId }, body: { decision: 'approve' } },
  progress: { query: `?district=${device.slice(0, 6)}` },
  judging: {},
  scorecards: {},
  makeScorecards: { body: { month: '2026-12', kind: 'district' } },
  stepScorecard: { params: { id: someId }, body: { step: 'review' } },
  scorecardHistory: { params: { id: someId } },
  scorecardPack: { params: { id: someId } },
  statements: {},
  putStatement: {
    body: {
      what: 'online-time',
      month: '2026-12',
      value: 0.97,
      source: 'letter',
      subject: { kind: 'district', key: device.slice(0, 6) },
    },
  },
  exports: {},
  requestExport: { body: { report: 'uptime', format: 'csv' } },
  cancelExport: { params: { id: someId } },
  exportFile: { params: { id: someId } },
  audit: {},
  outages: { query: `?district=${device.slice(0, 6)}` },
  outage: { params: { id: outageOf(device) } },
  stepOutage: { params: { id: outageOf(device) }, body: { step: 'comment', note: '已联系' } },
  judgeOutage: { params: { id: outageOf(device) }, body: { act: 'confirm', reason: '判断正确' } },
  outageCauses: { params: { id: outageOf(device) } },
  workOrders: { query: `?district=${device.slice(0, 6)}` },
  repairUnits: { query: `?outage=${outageOf(device)}` },
  issueWorkOrder: { body: { devices: [device], unit: '某维护单位' } },
  issueWorkOrders: { body: { outage: outageOf(device), orders: [{ devices: [device], unit: '某维护单位' }] } },
  workOrder: { params: { id: someId } },
  exportWorkOrders: { query: `?district=${device.slice(0, 6)}` },
  stepWorkOrder: { params: { id: someId }, body: { step: 'comment', note: '已联系' } },
  exportTopology: {},
  importTopology: { raw: `DeviceID,Need,Alternatives\n${device},1,switch:SW-1|switch:SW-2\n` },
  openIncident: { body: incident(device) },
  incident: { params: { id: someId } },
  incidentReplay: { params: { id: someId }, query: '?at=1' },
  incidentReport: { params: { id: someId } },
  incidentStatistics: { query: '?month=2026-12' },
  actOnIncident: { params: { id: someId }, body: { act: 'verify' } },
  presetForIncident: { params: { id: someId }, body: { device, token: '1' } },
  revealCaller: { params: { id: someId }, body: { note: '回访' } },
  attachToIncident: { params: { id: someId }, query: '?name=a.png' },
  incidentAttachment: { params: { id: someId, attachment: someId } },
  incidentPresence: { params: { id: someId } },
  incidentCap: { params: { id: someId } },
  sendCap: { params: { id: someId }, body: { key: someId, msgType: 'Alert' } },
  capDocument: { params: { id: someId } },
  intake: { params: { source: '110' } },
  changePlan: { params: { id: someId }, body: plan },
  retirePlan: { params: { id: someId } },
  changeLinkageRule: { params: { id: someId } },
  switchLinkageRule: { params: { id: someId }, body: { state: 'off' } },
  channels: {},
  testChannel: { params: { id: 'none' } },
  stream: {},
  users: {},
  changeUser: { params: { user: 'nobody' }, body: { unit: '某维护单位' } },
  resetPassword: { params: { user: 'nobody' }, body: { password: 'long enough 1' } },
  unlockUser: { params: { user: 'nobody' } },
  createUser: { body: { user: 'newuser', password: 'long enough 1', role: 'operator', districts: 'city' } },
})

async function fill(hub: Hub): Promise<void> {
  hub.record.sqlite.exec('INSERT INTO interval_past_kept VALUES (0)')
  await hub.importRecords([
    camera(cameraA, { ipAddress: '127.11.0.5' }),
    camera(cameraB, { ipAddress: '127.20.0.5' }),
    camera(sensorA, { kind: 'sensor' }),
    camera(sensorB, { kind: 'sensor' }),
  ])
  for (const [gateway, device, address] of [
    [gatewayA, cameraA, '127.11.0.5'],
    [gatewayB, cameraB, '127.20.0.5'],
  ] as const) {
    const endpoint = `urn:uuid:${device.slice(0, 6)}`
    const xaddrs = [`http://${address}:8000/onvif/device_service`]
    const found = { endpoint, address, xaddrs, quarantine: 'new' as const, seenAt: hub.clock.now() }
    await putFound(tablesOf<GatewaysData>(hub.record).db, gateway, [found], hub.clock.now())
  }
  for (const device of [cameraA, cameraB]) await hub.putOutage(outageOf(device), [device])
  // A gateway that answers every command.
  await hub.bus.subscribe(topicFilter('commands'), async ({ topic: name, payload }) => {
    const gateway = name.split('/')[3]!
    const { id } = JSON.parse(payload.toString())
    await hub.bus.deliver(topic('replies', { gateway }), {
      v: 1,
      id,
      gateway,
      at: hub.clock.now(),
      ok: true,
      result: 1,
    })
  })
}

describe('permissions', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
    await fill(hub)
  })
  afterAll(() => hub.stop())

  /** What has no parameters, as the route of a new room, needs no line. */
  const asked: { [N in RouteName]?: Parameters<Hub['ask']>[2] } = requests(cameraA, sensorA, gatewayA)
  const guarded = routeNames.filter((name) => !['stream', 'logout', 'login', 'changePassword', 'intake'].includes(name))
  const cases = guarded.flatMap((name) => roles.map((role) => ({ name, role, needs: routeOf(name).needs })))

  it.each(cases)('$role asks $name', async ({ name, role, needs }) => {
    const { status, json } = await hub.ask(userOfRole(role), name, asked[name])
    if (needs === 'public' || needs === 'session') return expect(status).toBe(200)
    // Its step says which side's it is: the auditor, who only reads, is of neither.
    if (name === 'stepWorkOrder' && role === 'auditor') return expect(status).toBe(403)
    // Who reads the whole audit, and a unit that reads of its own devices.
    if (name === 'deviceAudit' && role !== 'contractor' && !rolePermissions[role].includes('audit'))
      return expect(status).toBe(403)
    if (rolePermissions[role].includes(needs)) return expect([200, 204, 400, 404, 409, 502]).toContain(status)
    expect(status).toBe(403)
    expect(json.detail).toBe(errorMessage('permission.denied', { value: role, limit: needs }))
  })

  it.each(routeNames.filter((name) => routeOf(name).needs !== 'public'))('%s needs a session', async (name) => {
    const { status, json } = await hub.ask(undefined, name, asked[name])
    expect(status).toBe(401)
    expect(json).toMatchObject({ code: 'session.required', detail: 'log in first', action: 'POST /api/v1/session.' })
  })

  it('the three administrators exclude one another, and the auditor changes nothing', () => {
    const all = (permission: Permission): Role[] => roles.filter((role) => rolePermissions[role].includes(permission))
    expect(all('users')).toEqual(['secadmin'])
    expect(all('audit')).toEqual(['auditor'])
    expect(rolePermissions.auditor).not.toContain('registry')
    expect(rolePermissions.auditor).not.toContain('command')
  })
})

describe('objects of another district', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
    await fill(hub)
  })
  afterAll(() => hub.stop())
  beforeAll(async () => {
    for (const device of [cameraA, cameraB])
      await hub.record.db
        .insertInto('topology_need')
        .values({ device, need: 1, alternatives: '["switch:OLD"]' })
        .execute()
    await hub.ask('oper-b', 'issueWorkOrder', { body: { outage: outageOf(cameraB) } })
    hub.record.sqlite
      .prepare(
        `INSERT INTO notification (channel, outage, districts, subject, body, status, next_at, created_at, sent_at)
         VALUES ('duty', ?, '["430426"]', '祁东 430426', '', 'sent', 1, 1, 1)`,
      )
      .run(outageOf(cameraB))
  })
  const foreign = requests(cameraB, sensorB, gatewayB)

  const asIfNone = [
    ...([
      'device',
      'deviceHistory',
      'deviceAdjustments',
      'intervals',
      'events',
      'explain',
      'stage',
      'command',
      'sensorCredentials',
      'discover',
    ] as const),
    ...(['telemetry', 'observations', 'requestAdjustment', 'previewAdjustment'] as const),
    ...([
      'outage',
      'stepOutage',
      'judgeOutage',
      'outageCauses',
      'openIncident',
      'issueWorkOrder',
      'issueWorkOrders',
      'repairUnits',
    ] as const),
    ...(['addCamera', 'acceptCertificate'] as const),
  ]
  it.each(asIfNone)('%s answers as if there were none', async (name) => {
    const { status, json } = await hub.ask('oper-a', name, foreign[name])
    const unknown = await hub.ask(
      'oper-a',
      name,
      requests('43042600001329999999', '43042600001349999999', '1'.repeat(20))[name],
    )
    expect(status).toBe(404)
    const blank = (text: string) => text.replace(/\d{20}/g, 'CODE')
    expect(blank(JSON.stringify(json))).toBe(blank(unknown.text))
  })

  it('deviceAudit says the same of a device of another district as of one that there is not', async () => {
    for (const id of [cameraB, '43042600001329999999'])
      expect((await hub.ask('oper-a', 'deviceAudit', { params: { id } })).status).toBe(403)
  })

  it.each([
    'overview',
    'districts',
    'devices',
    'exportDevices',
    'discovered',
    'rollout',
    'exportRollout',
    'gateways',
    'outages',
    'workOrders',
    'exportWorkOrders',
    'channels',
    'exportTopology',
  ] as const)('%s does not hold them', async (name) => {
    const { status, text } = await hub.ask('oper-a', name, name === 'overview' ? {} : { ...foreign[name], query: '' })
    expect(status).toBe(200)
    for (const trace of [cameraB, sensorB, gatewayB, '127.20.0.5', '祁东']) expect(text).not.toContain(trace)
    const own = await hub.ask('oper-b', name, name === 'exportRollout' ? { query: '?list=matched' } : {})
    expect(['overview', 'districts'].includes(name) ? '430426' : own.text).toMatch(/430426/)
  })

  it('a work order of theirs answers as if there were none', async () => {
    const [{ id }] = (await hub.ask('oper-b', 'workOrders')).json.orders
    for (const step of ['receive', 'cancel', 'comment']) {
      const body = { step, note: '看看' }
      const { status, text } = await hub.ask('oper-a', 'stepWorkOrder', { params: { id }, body })
      const none = await hub.ask('oper-a', 'stepWorkOrder', { params: { id: someId }, body })
      expect([status, text.replaceAll(id, someId)]).toEqual([404, none.text])
    }
    const { status, text } = await hub.ask('oper-a', 'workOrder', { params: { id } })
    const none = await hub.ask('oper-a', 'workOrder', { params: { id: someId } })
    expect([status, text.replaceAll(id, someId)]).toEqual([404, none.text])
    expect((await hub.ask('oper-a', 'workOrders', { query: `?outage=${outageOf(cameraB)}` })).json.orders).toEqual([])
  })

  it('an incident of theirs answers as if there were none, in every route, list and count', async () => {
    const { json: theirs } = await hub.ask('oper-b', 'openIncident', { body: incident(cameraB) })
    const ofOne: RouteName[] = ['incident', 'actOnIncident', 'presetForIncident', 'revealCaller']
    ofOne.push('incidentReplay', 'incidentReport')
    for (const name of [
      ...ofOne,
      'attachToIncident',
      'incidentAttachment',
      'incidentPresence',
      'incidentCap',
      'sendCap',
    ] as const) {
      const asked = foreign[name as 'incident']
      const params = { ...asked.params, id: theirs.id }
      const { status, text } = await hub.ask('oper-a', name, { ...asked, params })
      const none = await hub.ask('oper-a', name, asked)
      expect([name, status, text.replaceAll(theirs.id, someId)]).toEqual([name, none.status, none.text])
      // No file came: that is said first.
      expect([name, status]).toEqual([name, name === 'attachToIncident' ? 400 : 404])
    }
    const near = '?longitude=112.1&latitude=26.8&radius=20000'
    for (const [name, query] of [
      ['incidents', '?view=all'],
      ['incidentCounts', ''],
      ['incidentStatistics', ''],
      ['nearby', near],
      ['linkageRuns', ''],
      ['capFeed', ''],
    ] as const) {
      const { status, text } = await hub.ask('oper-a', name, { query })
      expect([name, status]).toEqual([name, 200])
      for (const trace of [theirs.id, theirs.number, '430426']) expect(`${name} ${text}`).not.toContain(trace)
    }
    expect((await hub.ask('oper-b', 'incidents')).text).toContain(theirs.number)
    expect((await hub.ask('oper-b', 'incidentCounts')).text).toContain('430426')
  })

  it('topology of theirs is not taken, nor taken away', async () => {
    const { json } = await hub.ask('oper-a', 'importTopology', foreign.importTopology)
    expect(json).toMatchObject({ created: 0, changed: [], refused: [{ row: 2, field: 'DeviceID' }] })
    expect((await hub.ask('oper-b', 'exportTopology')).text).toContain(`${cameraB},1,switch:OLD`)
  })

  it('a filter by a foreign district finds nothing', async () => {
    expect((await hub.ask('oper-a', 'devices', foreign.devices)).json).toMatchObject({ total: 0, devices: [] })
    expect((await hub.ask('oper-a', 'outages', foreign.outages)).json).toMatchObject({ total: 0, down: 0, outages: [] })
    const { json } = await hub.ask('oper-a', 'overview', foreign.overview)
    expect(json.city.now.due).toBe(0)
    expect(json.districts).toEqual([])
  })

  it('an approval finds no such device, and nothing is bound', async () => {
    const { json } = await hub.ask('oper-a', 'approve', foreign.approve)
    expect(json).toEqual({
      approved: [],
      refused: [{ endpoint: 'urn:uuid:430426', problem: 'there is no discovered device urn:uuid:430426' }],
    })
    expect((await hub.ask('oper-b', 'device', { params: { id: cameraB } })).json.device.gateway).toBeNull()
  })

  it('a rejection finds no such device, and nothing is put aside', async () => {
    const { json } = await hub.ask('oper-a', 'reject', foreign.reject)
    expect(json).toEqual({
      rejected: [],
      refused: [{ endpoint: 'urn:uuid:430426', problem: 'there is no discovered device urn:uuid:430426' }],
    })
    expect((await hub.ask('oper-b', 'discovered')).json[0].status).toBe('waiting')
  })

  it('an import does not touch them', async () => {
    const { csvHeader, csvRows } = await import('../../registry/src/files/write.ts')
    const raw = csvHeader() + csvRows([camera(cameraB, { name: '改名' }), camera('43042600001320000009')])
    const { json } = await hub.ask('oper-a', 'importDevices', { raw })
    expect(json).toMatchObject({
      created: 0,
      changed: [],
      missing: [cameraA, sensorA],
      held: [],
      refused: [cameraB, '43042600001320000009'].map((id, i) => ({
        row: i + 2,
        field: 'DeviceID',
        message: `row ${i + 2}: DeviceID is ${id}: is not in your districts`,
      })),
    })
  })

  it('the stream holds neither their states nor their transitions', async () => {
    const stream = await hub.openStream('oper-a')
    await expect.poll(() => stream.of('snapshot').length).toBe(1)
    expect(stream.of('snapshot')[0].ids).toEqual([cameraA, sensorA])
    await hub.transition(cameraB, 'down')
    await hub.transition(cameraA, 'up')
    await hub.clock.advanceAsync(1_000)
    await expect.poll(() => stream.of('delta').length).toBe(1)
    expect(stream.of('transition').map((t) => t.device)).toEqual([cameraA])
    expect(JSON.stringify(stream.events)).not.toContain(cameraB)
    await stream.close()
  })

  describe('of the uptime record', () => {
    const statement = { what: 'clock', month: '2026-12', value: 1, source: 'letter' }
    let ids: { adjustment: string; scorecard: string; export: string }
    const about = () => ({
      adjustmentEffect: { params: { id: ids.adjustment } },
      decideAdjustment: { params: { id: ids.adjustment }, body: { decision: 'approve' } },
      stepScorecard: { params: { id: ids.scorecard }, body: { step: 'review' } },
      scorecardHistory: { params: { id: ids.scorecard } },
      scorecardPack: { params: { id: ids.scorecard } },
      cancelExport: { params: { id: ids.export } },
      exportFile: { params: { id: ids.export } },
    })
    const lists = () => {
      const period = `?from=${hub.clock.now() - 60_000}&to=${hub.clock.now()}`
      return {
        uptime: `${period}&by=district&by=device`,
        platforms: '',
        progress: '',
        adjustments: '',
        scorecards: '?month=2027-01',
        statements: '',
        exports: '',
      }
    }
    beforeAll(async () => {
      await hub.clock.advanceAsync(120_000)
      const { json: adjustment } = await hub.ask('oper-b', 'requestAdjustment', { body: exemption(cameraB) })
      const body = { month: '2027-01', kind: 'district' }
      const { json: made } = await hub.ask('oper-b', 'makeScorecards', { body })
      const query = { from: '1', to: '2', district: '430426' }
      const { json: job } = await hub.ask('oper-b', 'requestExport', {
        body: { report: 'uptime', format: 'csv', query },
      })
      const subject = { kind: 'district', key: '430426' }
      await hub.ask('oper-b', 'putStatement', { body: { ...statement, subject } })
      const state = { name: '祁东网关', kind: 'gateway', url: null, normal: 1, checked_at: 1, ms: 1, problem: null }
      await tablesOf<MonitoredTables>(hub.record)
        .db.insertInto('monitored_system')
        .values({ platform: gatewayB, ...state })
        .execute()
      ids = { adjustment: adjustment.id, scorecard: made.cards[0].id, export: job.id }
    })

    it('each answers as if there were none', async () => {
      for (const [name, request] of Object.entries(about()) as [RouteName, Parameters<Hub['ask']>[2]][]) {
        const { status, text } = await hub.ask('oper-a', name, request)
        const none = await hub.ask('oper-a', name, { ...request, params: { id: someId } })
        expect([name, status]).toEqual([name, 404])
        expect(text.replace(/[0-9a-f-]{36}/g, 'ID')).toBe(none.text.replace(/[0-9a-f-]{36}/g, 'ID'))
      }
      expect((await hub.ask('oper-b', 'adjustments')).json[0].status).toBe('requested')
      expect((await hub.ask('oper-b', 'exports')).json.jobs[0].status).toBe('waiting')
    })

    it('no list and no figure holds them', async () => {
      for (const [name, query] of Object.entries(lists()) as [RouteName, string][]) {
        const { status, text } = await hub.ask('oper-a', name, { query })
        expect([name, status]).toEqual([name, 200])
        for (const trace of [cameraB, sensorB, gatewayB, '祁东', '"430426"', ...Object.values(ids)])
          expect(`${name} ${text}`).not.toContain(trace)
        const own = (await hub.ask('oper-b', name, { query })).text
        expect(own).toMatch(name === 'exports' ? ids.export : /430426/)
      }
      for (const name of ['uptime', 'uptimeSeries', 'uptimeChanges', 'kpis'] as const) {
        const { query } = requests(cameraB, sensorB, gatewayB)[name]
        const now = hub.clock.now()
        const wide = query.replace('from=1&to=2', `from=${now - 60_000}&to=${now}`).replace('asOf=2', `asOf=${now}`)
        const { json } = await hub.ask('oper-a', name, { query: wide })
        const sums = JSON.stringify([json.total, json.points, json.kpis, json.before, json.after])
        expect(sums).not.toMatch(/"(up|down|unknown|exempt|denominator)":[1-9]/)
      }
    })

    it('how far the city is counts none of them', async () => {
      const counted = async (user: 'oper-a' | 'oper-b') => {
        const { cameras, sensors, gateways } = (await hub.ask(user, 'commissioning')).json
        return [cameras.recorded, sensors.recorded, gateways.total]
      }
      expect(await counted('oper-a')).toEqual([1, 1, 1])
      expect(await counted('oper-b')).toEqual([1, 1, 1])
    })

    it('nothing is stated or scored of them', async () => {
      const subject = { kind: 'district', key: '430426' }
      expect((await hub.ask('oper-a', 'putStatement', { body: { ...statement, subject } })).status).toBe(400)
      const { json } = await hub.ask('oper-a', 'makeScorecards', { body: { month: '2027-01', kind: 'district' } })
      expect(json.cards.map((c: { subject: { key: string } }) => c.subject.key)).toEqual(['430405'])
    })
  })

  it('what their devices sent and was refused is not shown', async () => {
    const source = `field/v1/43042600001320000001/telemetry`
    await putDeadLetter(hub.record.db, { at: hub.clock.now(), source, reason: 'x', payload: Buffer.from('x') })
    expect((await hub.ask('oper-a', 'deadLetters')).json.letters).toEqual([])
    expect((await hub.ask('oper', 'deadLetters')).json.letters).toMatchObject([{ source }])
  })

  it('no route is left out of these tests', () => {
    // `dataLag` and `judging` are the same for everybody and name nobody.
    const own = ['login', 'whoami', 'logout', 'changePassword', 'audit', 'dataLag', 'judging']
    own.push('users', 'createUser', 'changeUser', 'resetPassword', 'unlockUser')
    const tested = [
      'device',
      'deviceHistory',
      'deviceAdjustments',
      'deviceAudit',
      'intervals',
      'events',
      'stage',
      'command',
      'sensorCredentials',
      'discover',
      'addCamera',
      'acceptCertificate',
      'decideGatewayKey',
      'overview',
      'commissioning',
      'districts',
    ]
    tested.push('telemetry', 'observations', 'requestAdjustment', 'previewAdjustment')
    tested.push('adjustmentEffect', 'decideAdjustment', 'stepScorecard', 'scorecardHistory', 'scorecardPack')
    tested.push('cancelExport', 'exportFile', 'requestExport', 'exports', 'adjustments', 'scorecards')
    tested.push('makeScorecards', 'statements', 'putStatement', 'platforms', 'progress')
    tested.push('uptime', 'uptimeSeries', 'uptimeChanges', 'kpis')
    tested.push('outages', 'outage', 'stepOutage', 'issueWorkOrder', 'issueWorkOrders', 'repairUnits')
    tested.push('exportTopology', 'importTopology', 'judgeOutage', 'outageCauses')
    tested.push('incidents', 'incidentCounts', 'openIncident', 'incident', 'actOnIncident', 'presetForIncident')
    tested.push('incidentReplay', 'incidentReport', 'incidentStatistics')
    tested.push('revealCaller', 'attachToIncident', 'incidentAttachment', 'incidentPresence', 'nearby', 'linkageRuns')
    // Plans, rules and layers are the city's: emergency's own tests say who writes them. `intake` asks for a signature.
    tested.push('plans', 'createPlan', 'changePlan', 'retirePlan', 'resources', 'importResources', 'intake')
    tested.push('linkageRules', 'createLinkageRule', 'changeLinkageRule', 'switchLinkageRule', 'rehearseLinkageRule')
    // A document of another district: emergency's own test.
    tested.push('takeCap', 'incidentCap', 'sendCap', 'capFeed', 'capDocument')
    // How often people and the hub agreed, of the whole city: a number that names nobody.
    tested.push('outageAgreement')
    tested.push(
      'workOrders',
      'workOrder',
      'exportWorkOrders',
      'stepWorkOrder',
      'channels',
      'testChannel',
      'deadLetters',
    )
    tested.push('reject', 'rollout', 'exportRollout', 'explain')
    // The workbook is compressed: registry's own test reads it.
    tested.push(
      'exportWorkbook',
      'devices',
      'exportDevices',
      'discovered',
      'gateways',
      'approve',
      'importDevices',
      'stream',
    )
    expect([...own, ...tested].sort()).toEqual([...routeNames].sort())
  })
})
