/** The figures that the city reports, over HTTP: each with what was counted and what was left out. */
import type { KpiName } from '@hub/contracts'
import { tablesOf } from '@hub/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  camera,
  cameraA,
  cameraB,
  gatewayA,
  gatewayB,
  type Hub,
  sensorA,
  startHub,
} from '../../../hub/src/testing/hub.ts'
import type { MonitoredTables } from '../../../monitored/src/tables.ts'

const hour = 3_600_000
const cameraA2 = '43040500001320000002'
const rule = JSON.stringify({ id: 'confirmed', count: 1, needed: 1, firstAt: 1, lastAt: 2 })
/** A month of the city. */
const month = { from: Date.parse('2026-12-01T00:00+08:00'), to: Date.parse('2027-01-01T00:00+08:00') }
const query = `?from=${month.from}&to=${month.to}`

let hub: Hub
beforeEach(async () => {
  hub = await startHub()
  const place = { longitude: 112.62, latitude: 26.89 }
  await hub.importRecords([
    camera(cameraA, { ...place, inServiceAt: '2026-11-01' }),
    camera(cameraA2, { longitude: 0, latitude: 0, carrier: 'mobile', inServiceAt: '2026-11-01' }),
    camera(sensorA, { kind: 'sensor', inServiceAt: '2026-11-01' }),
    camera(cameraB, { ...place, inServiceAt: '2026-11-01' }),
    camera('43042600001320000002', { stage: 'built' }),
  ])
  // An old record of class 1, without three fields that class 1 must have.
  const old = camera(cameraB, { ...place, pointType: '1', inServiceAt: '2026-11-01' })
  await hub.record.db
    .updateTable('device')
    .set({ point_type: '1', record: JSON.stringify(old), updated_at: 1 })
    .where('id', '=', cameraB)
    .execute()
  const state = (device: string, state: string, more: { picture?: string; clock_offset_ms?: number } = {}) =>
    hub.record.db
      .insertInto('device_state')
      .values({ device, state, rule, since: 1, last_at: 1, recent: '[]', health: null, applied: null, ...more })
      .execute()
  await state(cameraA, 'up', { picture: 'pass', clock_offset_ms: -5_000 })
  await state(cameraA2, 'degraded', { picture: 'degraded', clock_offset_ms: 5_001 })
  await state(cameraB, 'down')
  for (const [device, state, hours] of [
    [cameraA, 'up', 96],
    [cameraB, 'down', 4],
  ] as const)
    await hub.record.db
      .insertInto('interval')
      .values({ device, from_at: month.from, to_at: month.from + hours * hour, state, rule })
      .execute()
})
afterEach(() => hub.stop())

const kpis = async (user: string, more = '') => {
  const { json } = await hub.ask(user, 'kpis', { query: query + more })
  return (name: KpiName) => json.kpis.find((k: { kpi: string }) => k.kpi === name)
}

it('each has its numerator, its denominator and what was left out', async () => {
  const kpi = await kpis('oper')
  const whole = 31 * 24 * hour * 4
  expect(kpi('online-time')).toMatchObject({
    value: 0.96,
    numerator: 96 * hour,
    denominator: 100 * hour,
    unit: 'ms',
    target: 0.96,
    stated: null,
    excluded: [{ reason: 'unknown', count: whole - 100 * hour }],
  })
  expect(kpi('online-snapshot')).toMatchObject({ numerator: 2, denominator: 4, unit: 'devices' })
  expect(kpi('intact')).toMatchObject({
    numerator: 1,
    denominator: 3,
    target: 0.98,
    excluded: [
      { reason: 'not-measured', count: 3, part: 'recording' },
      { reason: 'not-measured', count: 3, part: 'control' },
    ],
  })
  expect(kpi('intact').rule.zh).toContain('无人检测、未计入：录像、控制')
  expect(kpi('clock')).toMatchObject({
    numerator: 1,
    denominator: 2,
    excluded: [{ reason: 'not-measured', count: 1 }],
  })
  expect(kpi('record')).toMatchObject({ unit: 'fields', target: 1 })
  expect(kpi('record').denominator - kpi('record').numerator).toBe(3)
  expect(kpi('position')).toMatchObject({
    // A camera of district 430426 that stands in the city centre is wrong, and so is one at zero.
    numerator: 1,
    denominator: 3,
    excluded: [{ reason: 'not-due', count: 1 }],
  })
  expect(kpi('platform-normal')).toMatchObject({ value: null, excluded: [{ reason: 'no-platform', count: 0 }] })
})

it('a record that is corrected counts at once', async () => {
  const fields = async () => (await kpis('oper'))('record')
  const before = await fields()
  await hub.importRecords([
    camera(cameraB, {
      pointType: '1',
      inServiceAt: '2026-11-01',
      longitude: 112.1,
      latitude: 26.8,
      installTime: '2026-10-01',
      contactInfo: '110',
      recordSaveDays: '30' as never,
    }),
  ])
  expect((await fields()).numerator).toBe(before.denominator)
  // In the same millisecond, and by whoever: the database notes it.
  const set = (row: object) => hub.record.db.updateTable('device').set(row).where('id', '=', cameraB).execute()
  await set({ record: '{}' })
  expect((await fields()).numerator).toBeLessThan(before.numerator)
  const position = async () => (await kpis('oper'))('position')
  const { numerator } = await position()
  await set({ longitude: 0 })
  expect((await position()).numerator).toBe(numerator - 1)
  await hub.record.db.deleteFrom('device').where('id', '=', cameraB).execute()
  expect((await position()).denominator).toBe(2)
})

it('an exemption that is approved counts at once', async () => {
  expect((await kpis('oper'))('online-snapshot').denominator).toBe(4)
  const body = {
    kind: 'exemption',
    countAs: 'exempt',
    reason: '供电检修',
    applicant: '供电公司',
    scope: { by: 'devices', values: [cameraB] },
    from: hub.clock.now() - hour,
    to: hub.clock.now() + hour,
  }
  const { json } = await hub.ask('oper', 'requestAdjustment', { body })
  await hub.ask('sys', 'decideAdjustment', { params: { id: json.id }, body: { decision: 'approve' } })
  expect((await kpis('oper'))('online-snapshot').denominator).toBe(3)
})

it('of two viewers who ask at the same moment each gets the figures of its own districts', async () => {
  const snapshots = () =>
    Promise.all(
      ['oper', 'oper-a', 'oper-b', 'oper'].map(async (user) => (await kpis(user))('online-snapshot').denominator),
    )
  expect(await snapshots()).toEqual([4, 3, 1, 4])
  // Kept by now.
  expect(await snapshots()).toEqual([4, 3, 1, 4])
  expect((await kpis('oper-b', '&district=430426'))('online-snapshot').denominator).toBe(1)
  expect((await kpis('oper-a', '&district=430426'))('online-snapshot').denominator).toBe(0)
})

it('is narrowed to what the viewer may see, a district and a carrier', async () => {
  expect((await kpis('oper-a'))('online-snapshot')).toMatchObject({ numerator: 2, denominator: 3 })
  expect((await kpis('oper-b'))('online-time').value).toBe(0)
  expect((await kpis('oper', '&district=430426'))('online-snapshot').denominator).toBe(1)
  expect((await kpis('oper', '&carrier=mobile'))('online-snapshot').denominator).toBe(1)
  const foreign = await kpis('oper-a', '&district=430426')
  for (const name of ['online-time', 'online-snapshot', 'record', 'position', 'clock', 'intact'] as const)
    expect(foreign(name)).toMatchObject({ value: null, numerator: 0, denominator: 0 })
})

describe('a figure stated from outside', () => {
  const state = (user: string, what: KpiName, subject: object, value: number) =>
    hub.ask(user, 'putStatement', { body: { what, month: '2026-12', subject, value, source: '市局月报' } })

  it('stands beside the computed one of the same month and place, and no other', async () => {
    await state('oper', 'online-time', { kind: 'city', key: '' }, 0.97)
    await state('oper', 'online-time', { kind: 'district', key: '430426' }, 0.5)
    await state('oper', 'online-time', { kind: 'carrier', key: 'mobile' }, 0.6)
    const stated = async (user: string, more = '') => (await kpis(user, more))('online-time').stated?.value ?? null
    expect(await stated('oper')).toBe(0.97)
    expect(await stated('oper', '&district=430426')).toBe(0.5)
    expect(await stated('oper', '&carrier=mobile')).toBe(0.6)
    expect(await stated('oper', '&district=430426&carrier=mobile')).toBeNull()
    expect(await stated('oper-b')).toBeNull()
    expect(await stated('oper-b', '&district=430426')).toBe(0.5)
    expect(await stated('oper-a', '&district=430426')).toBeNull()
    const { json } = await hub.ask('oper', 'kpis', { query: `?from=${month.from + 1}&to=${month.to}` })
    expect(json.kpis[0].stated).toBeNull()
  })

  it('is entered for the own districts only, replaced by the next, and audited', async () => {
    const foreign = await state('oper-a', 'clock', { kind: 'district', key: '430426' }, 1)
    expect([foreign.status, foreign.json.detail]).toEqual([400, 'subject.key is 430426: is not in your districts'])
    expect((await state('oper-a', 'clock', { kind: 'city', key: '' }, 1)).status).toBe(400)
    await state('oper-a', 'clock', { kind: 'district', key: '430405' }, 0.9)
    await state('oper-a', 'clock', { kind: 'district', key: '430405' }, 0.8)
    expect((await hub.ask('oper-a', 'statements', { query: '?month=2026-12' })).json).toMatchObject([{ value: 0.8 }])
    expect((await hub.ask('oper-b', 'statements')).json).toEqual([])
    const lines = await hub.record.db
      .selectFrom('audit')
      .select('detail')
      .where('action', '=', 'statement.put')
      .orderBy('id')
      .execute()
    expect(lines.map((l) => JSON.parse(l.detail).value)).toEqual([0.9, 0.8])
  })
})

it('platforms: the least of them, a gateway only for whom it serves', async () => {
  const { db } = tablesOf<MonitoredTables>(hub.record)
  const at = month.from + 5 * hour
  for (const [platform, kind, passed] of [
    ['hub-record', 'hub', 60],
    [gatewayA, 'gateway', 57],
    [gatewayB, 'gateway', 30],
  ] as const) {
    const rest = { name: platform, url: null, normal: 1, checked_at: at, ms: 2, problem: null }
    await db
      .insertInto('monitored_system')
      .values({ platform, kind, ...rest })
      .execute()
    await db.insertInto('monitored_hour').values({ platform, at, passed, due: 60 }).execute()
  }
  expect((await kpis('oper'))('platform-normal')).toMatchObject({ value: 0.5, numerator: 30, denominator: 60 })
  expect((await kpis('oper-a'))('platform-normal').value).toBe(0.95)
  const { json } = await hub.ask('oper-a', 'platforms', { query })
  expect(json.platforms.map((p: { id: string; rate: number }) => [p.id, p.rate])).toEqual([
    [gatewayA, 0.95],
    ['hub-record', 1],
  ])
  const later = await hub.ask('oper', 'platforms')
  expect(later.json.platforms[0]).toMatchObject({ passed: 0, due: 0, rate: null, normal: true })
})
