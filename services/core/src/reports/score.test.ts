import { type ScoreItem, ScoreLine, type ScorePolicy, scoreItems } from '@hub/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayMs } from '../common/time/units.ts'
import { coverageOf, isMeasurable } from './coverage.ts'
import { type ScoreInput, scoreCard } from './score.ts'

const policy: ScorePolicy = {
  items: {
    online: { weight: 30, full: 0.96, zero: 0.8 },
    image: { weight: 15, full: 0.95, zero: 0.8 },
    recording: { weight: 20, full: 0.98, zero: 0.8 },
    record: { weight: 10, full: 1, zero: 0.9 },
    repair: { weight: 20, full: 0.95, zero: 0.7 },
    documents: { weight: 5, full: 1, zero: 0.5 },
  },
  payFull: 90,
  payPart: 80,
  unmeasured: 'left-out',
  provenance: 'test',
}
const whole = { measured: 1, due: 1, least: 0.9, missing: 0, provenance: 'test' }
const all = (numerator: number, denominator: number): ScoreInput['measured'] =>
  Object.fromEntries(scoreItems.map((item) => [item, { numerator, denominator }]))
const of = (measured: ScoreInput['measured'], rest: Partial<ScoreInput> = {}) =>
  scoreCard({ policy, coverage: whole, measured, stated: {}, ...rest })
const lineOf = (item: ScoreItem, ...input: Parameters<typeof of>) => of(...input).lines.find((l) => l.item === item)!

describe('an item', () => {
  test.each([
    [100, 0],
    [96, 0],
    [92, 7.5],
    [88, 15],
    [84, 22.5],
    [80, 30],
    [0, 30],
  ])('online at %i %% of 30 points, full at 96 and nothing at 80, loses %d', (percent, deduction) => {
    const line = lineOf('online', all(percent, 100))
    expect(line).toMatchObject({ weight: 30, deduction, numerator: percent, denominator: 100, basis: 'computed' })
  })

  test('that is full where it is nothing is a threshold', () => {
    const step = { ...policy, items: { ...policy.items, online: { weight: 30, full: 0.9, zero: 0.9 } } }
    const lost = (n: number) => lineOf('online', all(n, 1_000), { policy: step }).deduction
    expect([lost(899), lost(900), lost(901)]).toEqual([30, 0, 0])
  })

  test('is rounded half up by exact arithmetic: 0.955 of 0.96 at 30 points is 0.9375', () => {
    expect(lineOf('online', all(955, 1_000)).deduction).toBe(0.94)
    // 30 × (0.96 − 0.9584) ÷ 0.16 = 0.3 exactly; 0.005 more is a tie at the third decimal.
    expect(lineOf('online', all(9_584, 10_000)).deduction).toBe(0.3)
    const tie = { ...policy, items: { ...policy.items, online: { weight: 30, full: 1, zero: 0 } } }
    expect(lineOf('online', all(9_995, 10_000), { policy: tie }).deduction).toBe(0.02)
    expect(lineOf('online', all(9_996, 10_000), { policy: tie }).deduction).toBe(0.01)
  })

  test('of milliseconds of a whole city counts without loss', () => {
    const due = 20_000 * 31 * dayMs
    expect(
      lineOf('online', { ...all(1, 1), online: { numerator: (due / 100) * 88, denominator: due } }).deduction,
    ).toBe(15)
  })

  test('is taken as stated only where the hub measured nothing', () => {
    const stated = { online: { value: 0.88, source: '区公安局函' }, image: { value: 0.5, source: 'x' } }
    const { lines, score } = of({ ...all(1, 1), online: { numerator: 0, denominator: 0 } }, { stated })
    expect(lines[0]).toEqual({
      item: 'online',
      weight: 30,
      value: 0.88,
      rateText: '88.00 %',
      numerator: null,
      denominator: null,
      deduction: 15,
      basis: 'stated',
      source: '区公安局函',
    })
    expect(lines[1]).toMatchObject({ basis: 'computed', value: 1 })
    expect(score).toBe(85)
  })
})

describe('what nobody measured', () => {
  const some = { online: { numerator: 88, denominator: 100 }, record: { numerator: 1, denominator: 1 } }

  test('is left out: the rest share its weight in proportion', () => {
    const { lines, score } = of(some)
    expect(lines.map((l) => l.weight)).toEqual([75, 0, 0, 25, 0, 0])
    expect(lines.map((l) => l.deduction)).toEqual([37.5, 0, 0, 0, 0, 0])
    expect(lines[1]).toMatchObject({ basis: 'unmeasured', value: null, numerator: null, denominator: null })
    expect(score).toBe(62.5)
  })

  test('or counts as nothing earned', () => {
    const { lines, score } = of(some, { policy: { ...policy, unmeasured: 'zero' } })
    expect(lines.map((l) => l.deduction)).toEqual([15, 15, 20, 0, 20, 5])
    expect(score).toBe(25)
  })

  test('is never paid for, not even when it is everything', () => {
    const { lines, score, pay } = of({})
    expect(lines.map((l) => l.deduction)).toEqual([30, 15, 20, 10, 20, 5])
    expect([score, pay]).toEqual([0, 'none'])
  })
})

describe('coverage', () => {
  const day = 86_400_000
  const rule = { least: 0.9, provenance: 'test' }
  const time = (up: number, unknown: number, exempt = 0) => ({ up, down: 0, unknown, exempt })

  test('time that nobody measured earns neither points nor pay, and says what is missing', () => {
    const coverage = coverageOf(time(0, 15_552_000_000), rule)
    expect(coverage).toMatchObject({ measured: 0, due: 15_552_000_000, missing: 13_996_800_000 })
    const { score, pay, lines } = of({}, { coverage })
    expect([score, pay]).toEqual([null, null])
    expect(lines).toHaveLength(scoreItems.length)
  })

  test('a figure stated from outside is no measurement', () => {
    const stated = { online: { value: 1, source: '月报' } }
    expect(of({}, { coverage: coverageOf(time(0, day), rule), stated }).score).toBeNull()
  })

  test.each([
    ['exactly enough', time(9 * day, day), true, 0],
    ['a millisecond too little', time(9 * day - 1, day + 1), false, 1],
    ['a part of a millisecond is rounded up', time(0, 11), false, 10],
    ['exempt time is nobody’s to measure', time(9 * day, day, 90 * day), true, 0],
    ['all of it exempt: nothing to judge', time(0, 0, day), false, 0],
  ])('%s', (_, totals, measurable, missing) => {
    const coverage = coverageOf(totals, rule)
    expect([isMeasurable(coverage), coverage.missing]).toEqual([measurable, missing])
    expect(of(all(1, 1), { coverage }).score).toBe(measurable ? 100 : null)
  })
})

test('a score is paid in full from 90, pro rata from 80', () => {
  const linear = { ...policy, items: { ...policy.items, online: { weight: 30, full: 1, zero: 0 } } }
  const at = (lost: number) =>
    of({ ...all(1, 1), online: { numerator: 3_000 - lost, denominator: 3_000 } }, { policy: linear })
  expect([at(1_000), at(1_001), at(2_000), at(2_001)].map((c) => [c.score, c.pay])).toEqual([
    [90, 'full'],
    [89.99, 'part'],
    [80, 'part'],
    [79.99, 'none'],
  ])
})

test('weights and deductions of two decimals add up to the score, whatever is measured', () => {
  const share = fc.integer({ min: 0, max: 1_000 })
  const someMeasured = fc
    .array(fc.option(fc.tuple(share, fc.integer({ min: 1_000, max: 1_100 }))), { minLength: 6, maxLength: 6 })
    .map((values): ScoreInput['measured'] =>
      Object.fromEntries(
        values.flatMap((v, i) => (v ? [[scoreItems[i], { numerator: v[0], denominator: v[1] }]] : [])),
      ),
    )
  fc.assert(
    fc.property(someMeasured, fc.constantFrom('left-out', 'zero'), (measured, unmeasured) => {
      const { lines, score } = of(measured, { policy: { ...policy, unmeasured } })
      const cents = (values: number[]) => values.reduce((sum, v) => sum + Math.round(v * 100), 0)
      for (const line of lines) {
        ScoreLine.parse(line)
        expect(line.deduction).toBe(Math.round(line.deduction * 100) / 100)
        expect(line.deduction).toBeLessThanOrEqual(line.weight)
        expect(line.deduction).toBeGreaterThanOrEqual(0)
      }
      expect(cents(lines.map((l) => l.weight))).toBe(10_000)
      expect(10_000 - cents(lines.map((l) => l.deduction))).toBe(Math.round(score! * 100))
    }),
    { numRuns: 1_000 },
  )
})
