import { Progress, type Stage, stages } from '@hub/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayMs } from '../common/time/units.ts'
import { progressOf } from './progress.ts'
import type { ProgressDevice } from './progress-device.ts'

const device = (stage: Stage, rest: Partial<ProgressDevice> = {}): ProgressDevice => ({
  district: '430405',
  carrier: 'telecom',
  project: null,
  stage,
  plannedAt: null,
  installTime: null,
  acceptedAt: null,
  inServiceAt: null,
  retiredAt: null,
  ...rest,
})
const today = '2026-03-18'
const rowsOf = (...devices: ProgressDevice[]) => progressOf(devices, today, 'district')

describe('rows', () => {
  test('stages are cumulative: what is accepted has been built, what is retired has been in service', () => {
    expect(rowsOf(...stages.map((stage) => device(stage))).total).toEqual({
      key: '',
      planned: 5,
      built: 4,
      accepted: 3,
      inService: 2,
      retired: 1,
      due: 0,
      late: 0,
    })
  })

  test('the stage tells what has been reached, a date alone does not', () => {
    expect(rowsOf(device('planned', { acceptedAt: '2026-01-01' })).total).toMatchObject({ accepted: 0 })
  })

  test.each<[string, Stage, string | null, [number, number]]>([
    ['planned for tomorrow', 'planned', '2026-03-19', [0, 0]],
    ['planned for today', 'planned', '2026-03-18', [1, 0]],
    ['planned for yesterday', 'accepted', '2026-03-17', [1, 1]],
    ['planned for yesterday and in service', 'in-service', '2026-03-17', [1, 0]],
    ['planned for yesterday and retired', 'retired', '2026-03-17', [1, 0]],
    ['planned for no day', 'planned', null, [0, 0]],
  ])('%s (%s): due and late', (_, stage, plannedAt, [due, late]) => {
    expect(rowsOf(device(stage, { plannedAt })).total).toMatchObject({ due, late })
  })

  test('groups are in the order of their keys, without one first', () => {
    const devices = [device('built', { project: 'B' }), device('planned'), device('built', { project: 'A' })]
    const { groups } = progressOf(devices, today, 'project')
    expect(groups.map((g) => [g.key, g.planned, g.built])).toEqual([
      ['', 1, 0],
      ['A', 1, 1],
      ['B', 1, 1],
    ])
  })
})

describe('the S-curve', () => {
  test('has a point a week, one of them today, from the first date to the last that is planned', () => {
    const { curve, undated } = rowsOf(
      device('in-service', {
        plannedAt: '2026-03-01',
        installTime: '2026-03-04',
        acceptedAt: '2026-03-05',
        inServiceAt: '2026-03-18',
      }),
      device('built', { plannedAt: '2026-03-11', installTime: '2026-03-12' }),
      device('planned', { plannedAt: '2026-03-26' }),
    )
    expect(curve).toEqual([
      { day: '2026-02-25', planned: 0, built: 0, accepted: 0, inService: 0, retired: 0 },
      { day: '2026-03-04', planned: 1, built: 1, accepted: 0, inService: 0, retired: 0 },
      { day: '2026-03-11', planned: 2, built: 1, accepted: 1, inService: 0, retired: 0 },
      { day: '2026-03-18', planned: 2, built: 2, accepted: 1, inService: 1, retired: 0 },
      { day: '2026-03-25', planned: 2, built: null, accepted: null, inService: null, retired: null },
      { day: '2026-04-01', planned: 3, built: null, accepted: null, inService: null, retired: null },
    ])
    expect(undated).toBe(0)
  })

  test('counts a stage without a date, or with one to come, at the end only', () => {
    const { curve, undated } = rowsOf(
      device('accepted', { plannedAt: '2026-03-01', installTime: '2026-03-02' }),
      device('built', { plannedAt: '2026-03-01', installTime: '2027-01-01' }),
    )
    expect(curve.at(-1)).toMatchObject({ day: today, built: 2, accepted: 1 })
    expect(curve.at(-2)).toMatchObject({ built: 1, accepted: 0 })
    expect(undated).toBe(2)
  })

  test('of nothing is one point', () => {
    expect(rowsOf().curve).toEqual([{ day: today, planned: 0, built: 0, accepted: 0, inService: 0, retired: 0 }])
  })

  test('is not long because one record names an impossible year', () => {
    const { curve } = rowsOf(
      device('planned', { plannedAt: '9999-12-31' }),
      device('built', { installTime: '1900-01-01' }),
    )
    expect(curve.length).toBeLessThan(800)
    expect(curve[0]).toMatchObject({ built: 1 })
    expect(curve.at(-1)).toMatchObject({ planned: 2 })
  })

  test('agrees with asking of every device at every point', () => {
    const someDate = fc.option(
      fc.integer({ min: -80, max: 40 }).map((n) => new Date(Date.parse(today) + n * dayMs).toISOString().slice(0, 10)),
    )
    const someDevice = fc
      .record({
        stage: fc.constantFrom(...stages),
        plannedAt: someDate,
        installTime: someDate,
        acceptedAt: someDate,
        inServiceAt: someDate,
        retiredAt: someDate,
      })
      .map(({ stage, ...dates }) => device(stage, dates))
    fc.assert(
      fc.property(fc.array(someDevice, { maxLength: 12 }), (devices) => {
        const progress = rowsOf(...devices)
        Progress.parse({ asOf: 0, ...progress })
        const last = progress.curve.at(-1)!.day
        for (const { day, ...point } of progress.curve) {
          const by = (date: string | null, end: string) => (date !== null && date <= day ? true : day === end)
          const reached = (field: keyof ProgressDevice, ...of: Stage[]) =>
            devices.filter((d) => {
              const date = d[field]
              return of.includes(d.stage) && by(date !== null && date <= today ? date : null, today)
            }).length
          expect(point.planned).toBe(devices.filter((d) => by(d.plannedAt, last)).length)
          expect([point.built, point.accepted, point.inService, point.retired]).toEqual(
            day > today
              ? [null, null, null, null]
              : [
                  reached('installTime', 'built', 'accepted', 'in-service', 'retired'),
                  reached('acceptedAt', 'accepted', 'in-service', 'retired'),
                  reached('inServiceAt', 'in-service', 'retired'),
                  reached('retiredAt', 'retired'),
                ],
          )
        }
        const now = progress.curve.find((point) => point.day === today)!
        const { built, accepted, inService, retired } = progress.total
        expect(now).toMatchObject({ built, accepted, inService, retired })
      }),
      { numRuns: 1_000 },
    )
  })
})
