import type { AdjustmentScope } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { type Claim, type Claiming, claimsOf, overridesOf } from './claims.ts'
import { type AdjustableDevice, coverage, covers } from './covers.ts'

const camera: AdjustableDevice = {
  id: '43040500001321000001',
  district: '430405',
  carrier: 'telecom',
  application: 'safe-city',
  kind: 'camera',
  pole: 'P-7',
  feed: null,
}
const scope = (by: AdjustmentScope['by'], values: string[], rest: Partial<AdjustmentScope> = {}): AdjustmentScope => ({
  by,
  values,
  ...rest,
})

describe('an adjustment covers', () => {
  test.each<[boolean, string, AdjustmentScope]>([
    [true, 'a device that it names', scope('devices', ['43040500001321000009', camera.id])],
    [false, 'no other', scope('devices', ['43040500001321000009'])],
    [true, 'what is on its pole', scope('pole', ['P-7'])],
    [false, 'no other pole', scope('pole', ['P-8'])],
    [false, 'a device without a feed by no feed', scope('feed', ['null', ''])],
    [true, 'its district', scope('district', ['430406', '430405'])],
    [false, 'no other district', scope('district', ['430406'])],
    [true, 'the carriers that it narrows to', scope('district', ['430405'], { carriers: ['mobile', 'telecom'] })],
    [false, 'no other carrier', scope('district', ['430405'], { carriers: ['mobile'] })],
    [false, 'no other application', scope('district', ['430405'], { applications: ['traffic'] })],
    [true, 'its kind', scope('district', ['430405'], { kind: 'camera' })],
    [false, 'no other kind', scope('district', ['430405'], { kind: 'sensor' })],
  ])('%s: %s', (covered, _, scope) => {
    expect(covers({ scope, within: 'city' }, camera)).toBe(covered)
    expect(coverage({ scope, within: 'city' })(camera)).toBe(covered)
  })

  test('nothing outside the districts of whoever entered it', () => {
    const named = scope('devices', [camera.id])
    expect(covers({ scope: named, within: ['430406'] }, camera)).toBe(false)
    expect(coverage({ scope: named, within: ['430406'] })(camera)).toBe(false)
    expect(covers({ scope: named, within: ['430406', '430405'] }, camera)).toBe(true)
  })
})

describe('claims', () => {
  const approved: Claiming = {
    status: 'approved',
    countAs: 'exempt',
    scope: scope('devices', [camera.id]),
    within: 'city',
    from: 100,
    to: 200,
    decidedAt: 5,
  }

  test('are made by approved adjustments only, cut to what is asked for', () => {
    expect(claimsOf([approved], camera, { from: 150, to: 300 })).toEqual([
      { from: 150, to: 200, countAs: 'exempt', decidedAt: 5 },
    ])
    for (const status of ['requested', 'rejected', 'withdrawn'] as const)
      expect(claimsOf([{ ...approved, status }], camera, { from: 0, to: 300 })).toEqual([])
    expect(claimsOf([approved], { ...camera, id: '43040500001321000002' }, { from: 0, to: 300 })).toEqual([])
    expect(claimsOf([approved], camera, { from: 200, to: 300 })).toEqual([])
  })

  test('come back with their recurrence', () => {
    const nightly: Claiming = {
      ...approved,
      from: Date.parse('2026-03-01T00:00+08:00'),
      to: Date.parse('2026-04-01T00:00+08:00'),
      recurrence: { start: '01:00', minutes: 30 },
    }
    expect(claimsOf([nightly], camera, { from: nightly.from, to: nightly.to })).toHaveLength(31)
  })
})

describe('where claims overlap', () => {
  const claim = (countAs: Claim['countAs'], from: number, to: number, decidedAt: number): Claim => ({
    from,
    to,
    countAs,
    decidedAt,
  })
  const all = { from: 0, to: 100 }
  const shown = (...claims: Claim[]) => overridesOf(claims, all).map((o) => `${o.from}–${o.to} ${o.countAs}`)

  test('an exemption wins, whenever it was decided', () => {
    const claims = [claim('up', 0, 50, 9), claim('exempt', 20, 30, 1)]
    expect(shown(...claims)).toEqual(['0–20 up', '20–30 exempt', '30–50 up'])
    expect(shown(...claims.toReversed())).toEqual(['0–20 up', '20–30 exempt', '30–50 up'])
  })

  test('of corrections the one decided last wins', () => {
    expect(shown(claim('up', 0, 50, 2), claim('down', 20, 70, 1))).toEqual(['0–50 up', '50–70 down'])
    expect(shown(claim('up', 0, 50, 1), claim('unknown', 20, 30, 2))).toEqual(['0–20 up', '20–30 unknown', '30–50 up'])
  })

  test('of corrections decided at one instant the less favourable wins, in any order', () => {
    const claims = [claim('up', 0, 30, 1), claim('unknown', 10, 30, 1), claim('down', 20, 30, 1)]
    expect(shown(...claims)).toEqual(['0–10 up', '10–20 unknown', '20–30 down'])
    expect(shown(...claims.toReversed())).toEqual(['0–10 up', '10–20 unknown', '20–30 down'])
  })

  test('neighbours that say the same are one, what lies outside is cut, what is empty is nothing', () => {
    expect(
      shown(claim('up', -50, 10, 1), claim('up', 10, 20, 2), claim('down', 99, 200, 1), claim('down', 50, 50, 1)),
    ).toEqual(['0–20 up', '99–100 down'])
  })
})
