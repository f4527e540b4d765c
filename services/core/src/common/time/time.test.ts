import type { DeviceState } from '@hub/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { account, onlineRate, type Timed } from './account.ts'
import { cityMinute, cityTime, dateStart, dayOf, daySpan, dayStart, daysIn, monthOf, monthSpan } from './city.ts'
import { intersectSpans, type Span, unionSpans } from './span.ts'
import { range, size, someIntervals, somePeriod } from './testing/timelines.ts'
import { hourMs } from './units.ts'

const numRuns = 2_000
const someSpan = fc
  .tuple(fc.integer({ min: -5, max: size + 5 }), fc.integer({ min: 0, max: 25 }))
  .map(([from, length]): Span => ({ from, to: from + length }))
const holds = (spans: readonly Span[], at: number) => spans.some((s) => s.from <= at && at < s.to)
const apart = (spans: readonly Span[]) => spans.every((s, i) => s.from < s.to && (i === 0 || spans[i - 1]!.to < s.from))

describe('spans', () => {
  test.each([
    ['union', (a: Span[], b: Span[]) => unionSpans([...a, ...b]), (a: boolean, b: boolean) => a || b],
    ['intersection', intersectSpans, (a: boolean, b: boolean) => a && b],
  ] as const)('%s holds the instants that logic says', (_, combine, logic) => {
    fc.assert(
      fc.property(fc.array(someSpan, { maxLength: 8 }), fc.array(someSpan, { maxLength: 8 }), (a, b) => {
        const result = combine(a, b)
        expect(apart(result)).toBe(true)
        expect(range(-9, size + 40).filter((at) => holds(result, at))).toEqual(
          range(-9, size + 40).filter((at) => logic(holds(a, at), holds(b, at))),
        )
      }),
      { numRuns },
    )
  })

  test('they do not change what they are given', () => {
    const spans = Object.freeze([Object.freeze({ from: 0, to: 5 }), Object.freeze({ from: 3, to: 9 })])
    expect(unionSpans(spans)).toEqual([{ from: 0, to: 9 }])
  })
})

describe('account', () => {
  test('degraded is online, a hole is unknown, an open interval lasts', () => {
    const day: Timed[] = [
      { from: 0, to: 10, state: 'up' },
      { from: 10, to: 20, state: 'degraded' },
      { from: 20, to: 50, state: 'down' },
      { from: 60, to: 70, state: 'unknown' },
      { from: 70, to: null, state: 'up' },
    ]
    expect(account(day, { from: 0, to: 100 })).toEqual({ up: 50, down: 30, unknown: 20, exempt: 0 })
  })

  test('a period without intervals is unknown, and has no rate', () => {
    const totals = account([], { from: 0, to: 10 })
    expect(totals).toEqual({ up: 0, down: 0, unknown: 10, exempt: 0 })
    expect(onlineRate(totals)).toBeNull()
  })

  test('unknown time leaves the rate alone', () => {
    expect(onlineRate({ up: 96, down: 4 })).toBe(0.96)
    expect(onlineRate({ up: 0, down: 1 })).toBe(0)
  })

  test('agrees with counting instant by instant, and adds up to the period', () => {
    fc.assert(
      fc.property(someIntervals, somePeriod, (intervals, period) => {
        const count = { up: 0, down: 0, unknown: 0, exempt: 0 }
        for (const at of range(period.from, period.to)) {
          const state = intervals.find((i) => at >= i.from && at < (i.to ?? Number.POSITIVE_INFINITY))?.state
          if (state === 'up' || state === 'degraded') count.up++
          else if (state === 'down') count.down++
          else count.unknown++
        }
        const totals = account(intervals, period)
        expect(totals).toEqual(count)
        expect(totals.up + totals.down + totals.unknown).toBe(period.to - period.from)
      }),
      { numRuns },
    )
  })

  test('agrees with the arithmetic of spans', () => {
    const lengthIn = (spans: Span[], period: Span) =>
      intersectSpans(spans, [period]).reduce((sum, s) => sum + s.to - s.from, 0)
    fc.assert(
      fc.property(someIntervals, somePeriod, (intervals, period) => {
        const spans = (...states: DeviceState[]) =>
          intervals.filter((i) => states.includes(i.state)).map((i) => ({ from: i.from, to: i.to ?? period.to }))
        const { up, down } = account(intervals.toReversed(), period)
        expect(up).toBe(lengthIn(spans('up', 'degraded'), period))
        expect(down).toBe(lengthIn(spans('down'), period))
      }),
      { numRuns },
    )
  })
})

describe('days are Asia/Shanghai', () => {
  test.each([
    ['2026-03-01T15:59:59.999Z', '2026-03-01'],
    ['2026-03-01T16:00:00.000Z', '2026-03-02'],
    ['2025-12-31T16:00:00.000Z', '2026-01-01'],
    ['2024-02-28T16:00:00.000Z', '2024-02-29'],
  ])('%s is in %s', (instant, day) => {
    expect(dayOf(Date.parse(instant))).toBe(day)
  })

  test('as the time-zone table has them, from 1992 on', () => {
    const table = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' })
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1992, 0, 1), max: Date.UTC(2100, 0, 1) }), (at) => {
        expect(dayOf(at)).toBe(table.format(at))
        expect(dayOf(dayStart(at))).toBe(dayOf(at))
        expect(dayOf(dayStart(at) - 1)).not.toBe(dayOf(at))
        expect(daySpan(at)).toEqual({ from: dayStart(at), to: dayStart(at) + 86_400_000 })
      }),
      { numRuns },
    )
  })

  test('instants as people write them, and back', () => {
    const at = Date.parse('2026-12-31T16:05:09.999Z')
    expect(cityTime(at)).toBe('2027-01-01 00:05:09')
    expect(cityMinute(at)).toBe('2027-01-01 00:05')
    expect(monthOf(at)).toBe('2027-01')
    expect(dateStart('2027-01-01')).toBe(Date.parse('2026-12-31T16:00Z'))
    expect(dateStart('2027-01-01')).toBe(dayStart(at))
    expect(dateStart('2027-13-01')).toBeNaN()
  })

  test.each([
    ['2026-02', '2026-01-31T16:00Z', '2026-02-28T16:00Z'],
    ['2026-12', '2026-11-30T16:00Z', '2026-12-31T16:00Z'],
  ])('the month %s', (month, from, to) => {
    expect(monthSpan(month)).toEqual({ from: Date.parse(from), to: Date.parse(to) })
  })

  test('the days of a period are cut to it', () => {
    const [from, to] = [Date.parse('2026-03-01T10:00Z'), Date.parse('2026-03-02T20:00Z')]
    expect(daysIn({ from, to }).map(({ day, from, to }) => [day, (to - from) / hourMs])).toEqual([
      ['2026-03-01', 6],
      ['2026-03-02', 24],
      ['2026-03-03', 4],
    ])
  })
})
