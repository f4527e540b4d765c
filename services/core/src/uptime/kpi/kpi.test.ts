import { Kpi, kpiNames, type RecordField } from '@hub/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { insideDistrict } from '../../common/geo/districts.ts'
import { snapshot } from '../../overview/snapshot.ts'
import { recordFaults } from '../../registry/record-faults.ts'
import { type IntactDevice, intact, measuredParts } from './intact.ts'
import { onlineSnapshot, onlineTime, platformNormal } from './online.ts'
import {
  clockRight,
  positionRight,
  positionVerdict,
  recordComplete,
  requiredFields,
  type StatedPosition,
} from './registry.ts'
import { kpiRule, kpiRules } from './rules.ts'

describe('online rate', () => {
  test('over time: exempt and unknown time are left out and shown', () => {
    expect(onlineTime({ up: 96, down: 4, unknown: 50, exempt: 10 })).toEqual({
      kpi: 'online-time',
      value: 0.96,
      numerator: 96,
      denominator: 100,
      unit: 'ms',
      excluded: [
        { reason: 'exempt', count: 10 },
        { reason: 'unknown', count: 50 },
      ],
    })
  })

  test('has no value when nothing is known, and lists no exclusion that excluded nothing', () => {
    expect(onlineTime({ up: 0, down: 0, unknown: 0, exempt: 0 })).toMatchObject({ value: null, excluded: [] })
  })

  test('at an instant it is the rate of the snapshot: unknown stays in the denominator', () => {
    const now = snapshot([
      { state: 'up' },
      { state: 'degraded' },
      { state: 'unknown' },
      { state: 'down' },
      { state: 'down', exempt: true },
    ])
    const kpi = onlineSnapshot(now)
    expect(kpi).toMatchObject({ numerator: 2, denominator: 4, excluded: [{ reason: 'exempt', count: 1 }] })
    expect(kpi.value).toBe(now.rate)
    expect(onlineSnapshot(snapshot([{ state: 'unknown' }]))).toMatchObject({
      value: null,
      numerator: 0,
      denominator: 1,
    })
  })
})

describe('platform-normal', () => {
  test('is that of the platform with the least, whose checks are its parts', () => {
    expect(
      platformNormal([
        { passed: 10, due: 10 },
        { passed: 190, due: 200 },
        { passed: 97, due: 100 },
      ]),
    ).toMatchObject({ value: 0.95, numerator: 190, denominator: 200, unit: 'probes', excluded: [] })
  })

  test('of equal rates the one with most checks; a platform without a check is not judged', () => {
    const rows = [
      { passed: 0, due: 0 },
      { passed: 1, due: 3 },
      { passed: 100, due: 300 },
    ]
    expect(platformNormal(rows)).toMatchObject({ numerator: 100, denominator: 300 })
    expect(platformNormal(rows.toReversed())).toMatchObject({ numerator: 100, denominator: 300 })
  })

  test('without a platform it says so', () => {
    for (const rows of [[], [{ passed: 0, due: 0 }]])
      expect(platformNormal(rows)).toMatchObject({ value: null, excluded: [{ reason: 'no-platform', count: 0 }] })
  })
})

describe('intact', () => {
  const good: IntactDevice = { online: true, image: true, recording: null, control: null }

  test('counts the parts that somebody measures, and lists those that nobody does', () => {
    const devices = [good, good, { ...good, image: false }, { ...good, online: false, image: null }]
    expect(measuredParts(devices)).toEqual(['online', 'image'])
    expect(intact(devices)).toEqual({
      kpi: 'intact',
      value: 0.5,
      numerator: 2,
      denominator: 4,
      unit: 'devices',
      excluded: [
        { reason: 'not-measured', count: 4, part: 'recording' },
        { reason: 'not-measured', count: 4, part: 'control' },
      ],
    })
  })

  test('one bad part is enough; without one, a part that is not known leaves the device out', () => {
    const all = ['online', 'image', 'recording', 'control'] as const
    const judged = (device: IntactDevice) => intact([device], [...all])
    expect(judged({ online: null, image: false, recording: null, control: null })).toMatchObject({
      denominator: 1,
      value: 0,
    })
    expect(judged({ online: null, image: true, recording: true, control: true }).excluded).toEqual([
      { reason: 'unknown', count: 1 },
    ])
    expect(judged({ online: true, image: null, recording: true, control: true }).excluded).toEqual([
      { reason: 'not-measured', count: 1 },
    ])
    expect(judged({ online: false, image: true, recording: true, control: true, exempt: true }).excluded).toEqual([
      { reason: 'exempt', count: 1 },
    ])
    expect(judged({ online: true, image: true, recording: true, control: true })).toMatchObject({
      value: 1,
      excluded: [],
    })
  })

  test('what is not asked for does not count against a device', () => {
    expect(intact([{ ...good, recording: false }], ['online', 'image']).value).toBe(1)
    expect(intact([], [])).toMatchObject({ value: null, denominator: 0 })
  })

  test('every device is judged or left out, once', () => {
    const part = fc.constantFrom(true, false, null)
    const someDevice = fc.record({ online: part, image: part, recording: part, control: part, exempt: fc.boolean() })
    fc.assert(
      fc.property(fc.array(someDevice), (devices) => {
        const { denominator, excluded } = intact(devices)
        const left = excluded.filter((e) => !e.part).reduce((sum, e) => sum + e.count, 0)
        expect(denominator + left).toBe(devices.length)
      }),
    )
  })
})

test('a clock is right up to its limit, either way; one that was never read is left out', () => {
  expect(clockRight([0, 5_000, -5_000, 5_001, -60_000, null], 5_000)).toMatchObject({
    value: 0.6,
    numerator: 3,
    denominator: 5,
    excluded: [{ reason: 'not-measured', count: 1 }],
  })
})

describe('record completeness', () => {
  const record: Partial<Record<RecordField, unknown>> = {
    id: '43040500001321000001',
    name: '解放路与中山路口 1',
    manufacturer: 'Simulated',
    model: 'S-1',
    civilCode: '430405',
    address: '解放路',
    parental: '0',
    parentId: '43040500002000000001',
    registerWay: '1',
    secrecy: '0',
    status: 'ON',
    grassrootsCode: '430405001',
    pointType: '3',
    kind: 'camera',
    application: 'safe-city',
    carrier: 'telecom',
    stage: 'in-service',
  }

  test('required fields by point class; optional ones do not count, valid or not', () => {
    expect(requiredFields({ ...record, mac: 'x' })).toEqual({ valid: 17, required: 17 })
    expect(requiredFields({ ...record, pointType: '2' })).toEqual({ valid: 17, required: 19 })
    expect(requiredFields({ ...record, pointType: '1', longitude: 112.6, latitude: 'x' })).toEqual({
      valid: 18,
      required: 22,
    })
    expect(requiredFields({})).toEqual({ valid: 0, required: 17 })
  })

  test('all records together, in fields', () => {
    expect(recordComplete([record, { ...record, civilCode: '4304050', name: '' }].map(requiredFields))).toMatchObject({
      numerator: 32,
      denominator: 34,
      unit: 'fields',
      value: 32 / 34,
    })
  })

  test('a record is complete exactly when none of its required fields is at fault', () => {
    const damage = fc.dictionary(
      fc.constantFrom(...(Object.keys(record) as RecordField[])),
      fc.constantFrom('', 'x', null),
    )
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = { ...record, ...changes }
        const { valid, required } = requiredFields(damaged)
        expect(required - valid).toBe(recordFaults(damaged).length)
      }),
    )
  })
})

describe('position', () => {
  const zhuhui: StatedPosition = { district: '430405', pointType: '1', longitude: 112.6206, latitude: 26.8946 }
  const of = (...positions: StatedPosition[]) =>
    positionRight(positions.map((position) => positionVerdict(position, insideDistrict)))

  test('is right inside the declared district, wrong outside it and at zero', () => {
    expect(of(zhuhui)).toMatchObject({ value: 1, denominator: 1 })
    expect(of({ ...zhuhui, district: '430481' })).toMatchObject({ value: 0, denominator: 1 })
    expect(of({ ...zhuhui, longitude: 0, latitude: 0 })).toMatchObject({ value: 0, denominator: 1 })
    expect(positionVerdict({ ...zhuhui, latitude: 0 }, () => true)).toBe('wrong')
  })

  test('that is missing is wrong where it is required, and not due where it is not', () => {
    const none = { longitude: null, latitude: null }
    expect(of({ ...zhuhui, ...none, pointType: '2' })).toMatchObject({ value: 0, denominator: 1, excluded: [] })
    expect(of({ ...zhuhui, ...none, pointType: '3' })).toMatchObject({
      value: null,
      excluded: [{ reason: 'not-due', count: 1 }],
    })
    expect(of({ ...zhuhui, latitude: null, pointType: '3' })).toMatchObject({ value: 0, denominator: 1 })
  })
})

describe('rules', () => {
  test('there is one for every figure, in both languages, with nothing left to fill', () => {
    expect(Object.keys(kpiRules)).toEqual([...kpiNames])
    for (const kpi of kpiNames)
      for (const text of Object.values(kpiRule(kpi))) {
        expect(text.length).toBeGreaterThan(10)
        expect(text).not.toMatch(/[{}]/)
      }
  })

  test('that of intact names the parts that counted and those that did not', () => {
    const { zh, en } = kpiRule('intact', { parts: ['online', 'image'] })
    expect(zh).toMatch(/^在线、图像均正常.*无人检测、未计入：录像、控制。$/)
    expect(en).toMatch(
      /^Devices of which online, image are all good.* Measured by nobody and not counted: recording, control\.$/,
    )
    expect(kpiRule('intact').zh).not.toContain('未计入：')
  })

  test('that of the clock names its limit', () => {
    expect(kpiRule('clock', { clockLimitMs: 2_500 }).zh).toContain('不超过 2.5 秒')
  })
})

test('figures are what the contract says', () => {
  const rest = { rateText: '—', target: 0.96, provenance: '', rule: kpiRule('intact'), stated: null }
  for (const figure of [onlineTime({ up: 1, down: 1, unknown: 1, exempt: 1 }), intact([]), platformNormal([])])
    expect(Kpi.parse({ ...figure, ...rest })).toMatchObject(figure)
})
