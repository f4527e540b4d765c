/** What the routes answer, over real HTTP and a real record. */
import { HubError, type Interval, topic, topicFilter } from '@hub/contracts'
import { dayStart } from '@hub/core'
import { putFound, putGatewayStatus, sha256 } from '@hub/platform'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { camera, cameraA, cameraB, gatewayA, type Hub, password, sensorA, startHub } from '../testing/hub.ts'

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
  ...{ v: 1 as const, gateway, online: true, at, version: '0.1.0', assignment: 1, devices: 1, spooled: 0 },
  ...{ clockOffsetMs: 0, blind: false },
})

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
    const { recentTransitions } = await import('../store/feed.ts')
    expect(await recentTransitions(hub.record.db, now - 24 * hour, 10)).toMatchObject([
      { device: cameraA, district: '430405', from: 'up', to: 'down', at: now - hour },
    ])
  })

  it('districts come with their names and snapshots', async () => {
    const { json } = await hub.ask('oper', 'districts')
    expect(json).toHaveLength(12)
    expect(json[0]).toMatchObject({ code: '430405', zh: '珠晖区', en: 'Zhuhui', now: { due: 2, unknown: 2 } })
  })
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
        ...{ device: cameraA, state: 'down', since: now - hour, rule: JSON.stringify(rule), last_at: now },
        ...{ recent: JSON.stringify([probe]), health: null, applied: null },
      })
      .execute()
    await hub.record.db
      .updateTable('device')
      .set({ in_service_from: now - 3 * hour, gateway: gatewayA })
      .where('id', '=', cameraA)
      .execute()
    await addInterval(hub, cameraA, { from: now - 2 * hour, to: now - hour, state: 'degraded' })
    await addInterval(hub, cameraA, { from: now - hour, to: null, state: 'down' })
    await putGatewayStatus(hub.record.db, status(gatewayA, now), now)

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

  it('a stage change moves along the life cycle, is audited, and is told to the gateway', async () => {
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
    expect(hub.registryChanges().length).toBe(before + 2)
  })
})

describe('the registry', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub()
  })
  afterEach(() => hub.stop())

  it('what is exported can be imported: nothing changes', async () => {
    await hub.importRecords([camera(cameraA, { name: '=1+1', longitude: 112.6, latitude: 26.9 }), camera(cameraB)])
    const before = await hub.ask('oper', 'exportDevices')
    expect(before.headers.get('content-disposition')).toBe('attachment; filename="hengyang-registry-2027-01-15.csv"')
    expect(before.text).toContain(`'=1+1`)
    const { json } = await hub.ask('oper', 'importDevices', { raw: before.text })
    expect(json).toEqual({ created: 0, updated: 2, refused: [] })
    expect((await hub.ask('oper', 'exportDevices')).text).toBe(before.text)
  })

  it('good rows enter, bad rows are named, in the language of who imports', async () => {
    const { csvHeader, csvRows } = await import('../csv/export.ts')
    const bad = { ...camera('43040500001320000002'), carrier: '电信' } as unknown as ReturnType<typeof camera>
    const raw = csvHeader() + csvRows([camera(cameraA), bad, camera(cameraA), camera(cameraB)])
    const { json } = await hub.ask('oper', 'importDevices', { raw, headers: { 'accept-language': 'zh' } })
    expect(json).toEqual({
      created: 2,
      updated: 0,
      refused: [
        {
          row: 3,
          field: 'Carrier',
          message: '第 3 行：Carrier 的值 电信 不合要求：无效选项：期望以下之一 "telecom"|"mobile"|"unicom"|"cable"',
        },
        { row: 4, field: 'DeviceID', message: `第 4 行：DeviceID 的值 ${cameraA} 不合要求：已在第 2 行出现` },
      ],
    })
    expect((await acts(hub, 'registry.import'))[0]).toMatchObject({
      actor: 'oper',
      detail: '{"created":2,"updated":0,"refused":2}',
    })
  })

  it('a row may not jump the life cycle, nor change what kind of thing it is', async () => {
    await hub.importRecords([camera(cameraA), camera(sensorA, { kind: 'sensor' })])
    const { json } = await hub.importRecords([camera(cameraA, { stage: 'planned' }), camera(sensorA)])
    expect(json.refused.map((r: { message: string }) => r.message)).toEqual([
      'row 2: Stage is planned: in-service may become retired',
      'row 3: Kind is camera: is sensor and stays so',
    ])
  })

  it('a device is due from its date of service, or from when it was put in service', async () => {
    await hub.importRecords([camera(cameraA, { inServiceAt: '2026-05-01' }), camera(cameraB)])
    const rows = await hub.record.db.selectFrom('device').select(['id', 'in_service_from']).orderBy('id').execute()
    expect(rows.map((r) => r.in_service_from)).toEqual([
      Date.parse('2026-05-01T00:00:00+08:00'),
      expect.closeTo(hub.clock.now(), -3),
    ])
  })

  it('a sensor belongs to the gateway of its district; a password is shown once, its hash goes to the gateway', async () => {
    await hub.importRecords([camera(sensorA, { kind: 'sensor' })])
    const { json } = await hub.ask('oper', 'sensorCredentials', { body: { devices: [sensorA, sensorA] } })
    expect(json.secrets).toHaveLength(1)
    const { password: secret } = json.secrets[0]
    expect(Buffer.from(secret, 'base64url')).toHaveLength(16)
    const row = await hub.record.db.selectFrom('sensor_credential').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ device: sensorA, password_hash: sha256(secret) })
    expect(hub.registryChanges().at(-1)?.gateways).toEqual([gatewayA])
    expect(hub.lines.join('')).not.toContain(secret)
    expect(JSON.stringify(await acts(hub, 'sensor.credential'))).not.toContain(secret)
  })
})

describe('discovery', () => {
  let hub: Hub
  const found = (endpoint: string, address: string, quarantine: 'new' | 'xaddr-host-differs' = 'new') => ({
    ...{ endpoint, address, quarantine, xaddrs: [`http://${address}:8000/onvif/device_service`] },
    seenAt: 1_800_000_000_000,
  })
  beforeEach(async () => {
    hub = await startHub()
    await hub.importRecords([
      camera(cameraA, { ipAddress: '127.11.0.5' }),
      camera('43040500001320000002'),
      camera(sensorA, { kind: 'sensor' }),
    ])
    await putFound(
      hub.record.db,
      gatewayA,
      [found('urn:a', '127.11.0.5'), found('urn:odd', '127.11.0.6', 'xaddr-host-differs')],
      5,
    )
  })
  afterEach(() => hub.stop())
  const approve = async (...wishes: object[]) => (await hub.ask('oper', 'approve', { body: { approve: wishes } })).json

  it('what was found waits, with why and what it may be', async () => {
    const { json } = await hub.ask('oper', 'discovered')
    expect(json.map((d: { endpoint: string }) => d.endpoint).sort()).toEqual(['urn:a', 'urn:odd'])
    expect(json.find((d: { endpoint: string }) => d.endpoint === 'urn:a')).toMatchObject({
      status: 'waiting',
      matches: cameraA,
    })
  })

  it('one that matches is approved as that device, audited, and told to its gateway', async () => {
    expect(await approve({ endpoint: 'urn:a' })).toEqual({ approved: [cameraA], refused: [] })
    const row = await hub.record.db.selectFrom('device').selectAll().where('id', '=', cameraA).executeTakeFirstOrThrow()
    expect(row).toMatchObject({
      gateway: gatewayA,
      endpoint: 'urn:a',
      credential: 'default',
      xaddr: 'http://127.11.0.5:8000/onvif/device_service',
    })
    expect(await acts(hub, 'discovered.approve')).toMatchObject([{ actor: 'oper', subject: cameraA }])
    expect(hub.registryChanges().at(-1)?.gateways).toEqual([gatewayA])
  })

  it('one that has moved is approved again, as the same device alone', async () => {
    await approve({ endpoint: 'urn:a' })
    await putFound(hub.record.db, gatewayA, [found('urn:a', '127.11.0.99')], 6)
    const { json } = await hub.ask('oper', 'discovered')
    expect(json.find((d: { endpoint: string }) => d.endpoint === 'urn:a')).toMatchObject({
      ...{ status: 'approved', moved: true, matches: cameraA },
    })
    const other = await approve({ endpoint: 'urn:a', device: '43040500001320000002' })
    expect(other.refused[0].problem).toContain(`is approved as ${cameraA}`)
    expect(await approve({ endpoint: 'urn:a' })).toEqual({ approved: [cameraA], refused: [] })
    const row = await hub.record.db.selectFrom('device').selectAll().where('id', '=', cameraA).executeTakeFirstOrThrow()
    expect(row.xaddr).toBe('http://127.11.0.99:8000/onvif/device_service')
  })

  it('each that cannot be approved says why', async () => {
    const device = '43040500001320000002'
    expect(
      (
        await approve(
          { endpoint: 'urn:odd', device },
          { endpoint: 'urn:odd', device, confirm: 'yes' },
          { endpoint: 'urn:nothing' },
          { endpoint: 'urn:a', device: sensorA },
          { endpoint: 'urn:odd', device: '43040500001329999999', confirm: 'xaddr-host-differs' },
          { endpoint: 'urn:odd', confirm: 'xaddr-host-differs' },
        )
      ).refused.map((r: { problem: string }) => r.problem),
    ).toEqual([
      'urn:odd is quarantined as xaddr-host-differs: confirm it by name',
      'urn:odd is quarantined as xaddr-host-differs: confirm it by name',
      'there is no discovered device urn:nothing',
      `device is ${sensorA}: must be a camera`,
      'there is no device 43040500001329999999',
      'device is urn:odd: matches no planned record: name the device',
    ])
  })

  it('an oddity is approved when it is confirmed by its reason', async () => {
    const device = '43040500001320000002'
    expect(await approve({ endpoint: 'urn:odd', device, confirm: 'xaddr-host-differs', credential: 'spare' })).toEqual({
      approved: [device],
      refused: [],
    })
    const row = await hub.record.db.selectFrom('device').selectAll().where('id', '=', device).executeTakeFirstOrThrow()
    expect(row.credential).toBe('spare')
  })
})

describe('commands', () => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub()
    await hub.importRecords([camera(cameraA)])
    await hub.record.db.updateTable('device').set({ gateway: gatewayA }).execute()
  })
  afterEach(() => hub.stop())
  const answering = (reply: object, from = gatewayA) =>
    hub.bus.subscribe(topicFilter('commands'), async ({ payload }) => {
      const { id } = JSON.parse(payload.toString())
      await hub.bus.deliver(topic('replies', { gateway: from }), { v: 1, id, gateway: gatewayA, at: 7, ...reply })
    })
  const ask = () =>
    hub.ask('oper', 'command', { params: { id: cameraA }, body: { name: 'ptz-goto', args: { preset: '1' } } })
  const askAndWait = async () => {
    const answer = ask()
    await expect
      .poll(() => hub.bus.published.some((m) => m.topic === topic('commands', { gateway: gatewayA })))
      .toBe(true)
    await hub.clock.advanceAsync(10_000)
    return answer
  }

  it('go to the gateway of the device, and its reply comes back', async () => {
    await answering({ ok: true, result: { moved: true } })
    expect((await ask()).json).toEqual({ gateway: gatewayA, at: 7, result: { moved: true } })
    const sent = JSON.parse(hub.bus.published.find((m) => m.topic.endsWith('/commands'))!.payload)
    expect(sent).toMatchObject({
      name: 'ptz-goto',
      device: cameraA,
      args: { preset: '1' },
      deadline: hub.clock.now() + 10_000,
    })
    expect(await acts(hub, 'device.command')).toMatchObject([{ actor: 'oper', subject: cameraA }])
  })
  it('that fail say why', async () => {
    await answering({ ok: false, error: { code: 'command.failed', message: 'no such preset' } })
    const { status, json } = await ask()
    expect([status, json.detail]).toEqual([502, 'the command ptz-goto failed: no such preset'])
  })
  it('expire when the gateway is silent', async () => {
    const { status, json } = await askAndWait()
    expect([status, json.detail]).toEqual([
      504,
      `the gateway ${gatewayA} did not answer before 2027-01-15 16:00 (UTC+8)`,
    ])
  })
  it('a reply on the topic of another gateway is no reply', async () => {
    await answering({ ok: true, result: 'forged' }, cameraB)
    expect((await askAndWait()).status).toBe(504)
  })
  it('a gateway can be asked to discover now', async () => {
    await answering({ ok: true, result: { found: 3 } })
    expect((await hub.ask('oper', 'discover', { params: { id: gatewayA } })).json.result).toEqual({ found: 3 })
  })
})

describe('gateways and users', () => {
  let hub: Hub
  beforeAll(async () => {
    hub = await startHub()
  })
  afterAll(() => hub.stop())

  it('a gateway is online while it says so every few seconds', async () => {
    const online = async () => (await hub.ask('oper', 'gateways')).json[0].online
    expect(await online()).toBe(false)
    await putGatewayStatus(hub.record.db, status(gatewayA, 1), hub.clock.now())
    expect(await online()).toBe(true)
    hub.clock.advance(20_000)
    expect(await online()).toBe(false)
  })

  it('the security administrator makes users, each name once', async () => {
    const body = { user: 'new.user', password: 'long enough 1', role: 'operator', districts: ['430405'] }
    expect((await hub.ask('sec', 'createUser', { body })).status).toBe(204)
    const again = await hub.ask('sec', 'createUser', { body })
    expect([again.status, again.json.detail]).toEqual([400, 'user is new.user: the name is taken'])
    const { json } = await hub.login('new.user', 'long enough 1')
    expect(json).toMatchObject({ role: 'operator', districts: ['430405'] })
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
