import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate, freshMemory, isHeldBack, type Stimulus } from './rule.ts'
import { inSchedule } from './schedule.ts'
import { firings, isOpen } from './testing/oracle.ts'

const second = 1_000
/** 2026-11-30 23:50:00 in the city: ten minutes before midnight and the end of a month. */
const t0 = Date.UTC(2026, 10, 30, 15, 50)
const device = '43040500001340000001'

const reading = (at: number, value: number): Stimulus => ({
  at,
  device,
  districts: ['430405'],
  application: 'emergency',
  point: { longitude: 112.6, latitude: 26.9 },
  what: { kind: 'measure', measure: 'water_level', value },
})
const when = {
  kind: 'measure',
  measure: 'water_level',
  compare: 'above',
  threshold: 3,
  holdSeconds: 0,
  hysteresis: 0,
} as const
const plain = { when, where: {}, schedule: null, restSeconds: 0 } as const
type Rule = Parameters<typeof evaluate>[0]

function run(rule: Rule, samples: readonly Stimulus[], late = 600_000): number[] {
  let state = freshMemory
  const fired: number[] = []
  for (const sample of samples) {
    const result = evaluate(rule, state, sample, sample.at, late)
    state = result.state
    if (result.fired) fired.push(sample.at)
  }
  return fired
}

const clock = fc
  .integer({ min: 0, max: 1_439 })
  .map((n) => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`)
const schedules = fc.record(
  { days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }), from: clock, to: clock },
  { requiredKeys: ['from', 'to'] },
)
/** Windows that begin and end near the readings. */
const near = fc.record({
  from: fc.constantFrom('23:49', '23:52', '23:58', '00:00'),
  to: fc.constantFrom('23:55', '00:00', '00:01', '00:05', '08:00'),
})

describe('a measured value', () => {
  test('fires as the oracle says, second by second, over midnight and the end of a month', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 6 })), { maxLength: 40 }),
        fc.record({
          compare: fc.constantFrom('above' as const, 'below' as const),
          hold: fc.constantFrom(0, 1, 5, 30, 60, 300),
          hysteresis: fc.constantFrom(0, 1, 2),
          rest: fc.constantFrom(0, 1, 60, 600),
          schedule: fc.option(near, { nil: null }),
        }),
        (steps, { compare, hold, hysteresis, rest, schedule }) => {
          let at = 0
          const readings = steps.map(([after, value]) => {
            at += after
            return { second: at, value }
          })
          const rule: Rule = {
            when: { ...when, compare, holdSeconds: hold, hysteresis },
            where: {},
            schedule,
            restSeconds: rest,
          }
          const open = (n: number) => schedule === null || isOpen(schedule, t0 + n * second)
          const expected = firings({ compare, threshold: 3, hold, hysteresis, rest, open }, readings)
          const got = run(
            rule,
            readings.map(({ second: n, value }) => reading(t0 + n * second, value)),
          )
          expect(got.map((each) => (each - t0) / second)).toEqual(expected)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('fires again only when it has come back by the hysteresis', () => {
    const rule = { ...plain, when: { ...when, hysteresis: 1 } }
    const values = [4, 2.5, 4, 2, 4]
    expect(
      run(
        rule,
        values.map((value, n) => reading(t0 + n * second, value)),
      ),
    ).toEqual([t0, t0 + 4 * second])
  })

  test('that came too late does nothing and is said to be late; one that came in disorder says nothing more', () => {
    const late = evaluate(plain, freshMemory, reading(t0, 9), t0 + 600_001, 600_000)
    expect(late).toEqual({ state: freshMemory, fired: false, late: true })
    const { state } = evaluate(plain, freshMemory, reading(t0, 1), t0, 600_000)
    expect(evaluate(plain, state, reading(t0 - 1, 9), t0, 600_000)).toEqual({ state, fired: false, late: false })
  })
})

describe('where', () => {
  const square = [
    { longitude: 112, latitude: 26 },
    { longitude: 113, latitude: 26 },
    { longitude: 113, latitude: 27 },
    { longitude: 112, latitude: 27 },
  ]
  const at = (longitude: number, latitude: number, rule: Rule = { ...plain, where: { area: square } }) =>
    evaluate(rule, freshMemory, { ...reading(t0, 9), point: { longitude, latitude } }, t0, 600_000).fired

  test('on the edge and on a corner is inside', () => {
    expect([at(112, 26.5), at(112.5, 27), at(113, 27), at(112, 26)]).toEqual([true, true, true, true])
    expect([at(111.999999, 26.5), at(112.5, 27.000001), at(113.000001, 27.000001)]).toEqual([false, false, false])
  })

  test('a ring of any shape holds what the sum of angles around a point says, and its own edges', () => {
    const grid = fc.integer({ min: 0, max: 12 })
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 3, maxLength: 12 }),
        grid,
        grid,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (radii, x, y, share) => {
          // A star around (6, 6): no edge crosses another.
          const ring = radii.map((radius, n) => {
            const angle = (2 * Math.PI * n) / radii.length
            return { longitude: 6 + radius * Math.cos(angle), latitude: 6 + radius * Math.sin(angle) }
          })
          const [a, b] = [ring[0]!, ring[1]!]
          const onEdge = {
            longitude: a.longitude + share * (b.longitude - a.longitude),
            latitude: a.latitude + share * (b.latitude - a.latitude),
          }
          const rule: Rule = { ...plain, where: { area: ring } }
          expect(at(onEdge.longitude, onEdge.latitude, rule)).toBe(true)
          const angles = ring.map((p) => Math.atan2(p.latitude - y, p.longitude - x))
          const turned = angles.reduce((sum, angle, n) => {
            const step = angles[(n + 1) % angles.length]! - angle
            return sum + Math.atan2(Math.sin(step), Math.cos(step))
          }, 0)
          const apart = Math.min(
            ...ring.map((p, n) => {
              const q = ring[(n + 1) % ring.length]!
              const [dx, dy] = [q.longitude - p.longitude, q.latitude - p.latitude]
              const along = Math.max(
                0,
                Math.min(1, ((x - p.longitude) * dx + (y - p.latitude) * dy) / (dx * dx + dy * dy)),
              )
              return Math.hypot(x - p.longitude - along * dx, y - p.latitude - along * dy)
            }),
          )
          fc.pre(apart > 1e-6)
          expect(at(x, y, rule)).toBe(Math.abs(turned) > Math.PI)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test.each<[string, Rule['where'], boolean]>([
    ['its district', { districts: ['430405'] }, true],
    ['another district', { districts: ['430421'] }, false],
    ['the device', { devices: [device] }, true],
    ['another device', { devices: ['43040500001340000002'] }, false],
    ['its application', { applications: ['emergency'] }, true],
    ['another application', { applications: ['traffic'] }, false],
  ])('%s', (_, where, fires) => {
    expect(run({ ...plain, where }, [reading(t0, 9)])).toHaveLength(Number(fires))
  })
})

describe('a schedule', () => {
  test('is open when a calendar that is written out says so, on any day of any year', () => {
    const from = Date.UTC(2024, 0, 1)
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 3 * 366 * 1_440 * 60 }), (schedule, n) => {
        const at = from + n * second
        expect(inSchedule(schedule, at)).toBe(isOpen(schedule, at))
      }),
      { numRuns: 3_000 },
    )
  })

  test('over midnight belongs to the day on which it begins', () => {
    // Monday 2026-11-30.
    const night = { days: [1], from: '22:00', to: '06:00' }
    const city = (day: number, hour: number) => Date.UTC(2026, 10, day, hour - 8)
    expect(
      [city(30, 21), city(30, 22), city(31, 5), city(31, 6), city(30, 5)].map((at) => inSchedule(night, at)),
    ).toEqual([false, true, true, false, false])
  })
})

describe('what is not measured', () => {
  const said = (what: Stimulus['what'], at = t0): Stimulus => ({ ...reading(at, 0), what })
  test('an event fires when it begins, and after its rest', () => {
    const rule: Rule = { ...plain, when: { kind: 'event', topics: ['motion'] }, restSeconds: 60 }
    const event = (n: number, active: boolean, topic = 'motion') =>
      said({ kind: 'event', topic, active }, t0 + n * second)
    const samples = [
      event(0, true),
      event(5, false),
      event(10, true),
      event(61, false),
      event(62, true, 'tamper'),
      event(70, true),
    ]
    expect(run(rule, samples)).toEqual([t0, t0 + 70 * second])
  })
  test('an outage fires once, when it has so many members', () => {
    const rule: Rule = { ...plain, when: { kind: 'outage', members: 10 } }
    expect(
      run(
        rule,
        [3, 10, 40].map((members, n) => said({ kind: 'outage', members }, t0 + n)),
      ),
    ).toEqual([t0 + 1])
  })
  test('an incident fires once, when it is of that level or worse', () => {
    const rule: Rule = { ...plain, when: { kind: 'incident', classes: ['accident'], level: 2 } }
    const of = (level: number | null, n: number) =>
      said({ kind: 'incident', class: 'accident', type: 'fire', level, source: '119' }, t0 + n)
    expect(run(rule, [of(null, 0), of(3, 1), of(2, 2), of(1, 3)])).toEqual([t0 + 2])
  })
  test('the storm guard holds back what is more than so many an hour', () => {
    expect([4, 5, 6].map((runs) => isHeldBack({ mostPerHour: 5 }, runs))).toEqual([false, true, true])
  })
})
