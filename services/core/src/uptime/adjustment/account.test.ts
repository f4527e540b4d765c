import type { CountedState } from '@hub/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { account, addTotals, type Timed } from '../../common/time/account.ts'
import type { Span } from '../../common/time/span.ts'
import { range, size, someIntervals, somePeriod } from '../../common/time/testing/timelines.ts'
import { accountAdjusted, accountEach } from './account.ts'
import type { Claim } from './claims.ts'

const numRuns = 2_000
const someClaims: fc.Arbitrary<Claim[]> = fc.array(
  fc
    .record({
      from: fc.integer({ min: -5, max: size + 5 }),
      length: fc.integer({ min: 0, max: 25 }),
      countAs: fc.constantFrom<CountedState[]>('exempt', 'up', 'down', 'unknown'),
      decidedAt: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ from, length, ...rest }) => ({ from, to: from + length, ...rest })),
  { maxLength: 6 },
)

/** Instant by instant. */
function counted(intervals: readonly Timed[], period: Span, claims: readonly Claim[]) {
  const count = { up: 0, down: 0, unknown: 0, exempt: 0 }
  const worst: CountedState[] = ['down', 'unknown', 'up']
  for (const at of range(period.from, period.to)) {
    const said = claims.filter((c) => c.from <= at && at < c.to)
    const last = said.filter((c) => c.decidedAt === Math.max(...said.map((s) => s.decidedAt))).map((c) => c.countAs)
    const seen = intervals.find((i) => at >= i.from && at < (i.to ?? Number.POSITIVE_INFINITY))?.state ?? 'unknown'
    if (said.some((c) => c.countAs === 'exempt')) count.exempt++
    else count[worst.find((state) => last.includes(state)) ?? (seen === 'degraded' ? 'up' : seen)]++
  }
  return count
}

describe('time with exemptions and corrections', () => {
  test('an exemption takes time out, a correction states it, the rest is as the evidence says', () => {
    const day: Timed[] = [
      { from: 0, to: 40, state: 'up' },
      { from: 40, to: 90, state: 'down' },
    ]
    const claims: Claim[] = [
      { from: 30, to: 50, countAs: 'exempt', decidedAt: 1 },
      { from: 45, to: 60, countAs: 'up', decidedAt: 2 },
      { from: 85, to: 95, countAs: 'unknown', decidedAt: 3 },
    ]
    expect(accountAdjusted(day, { from: 0, to: 100 }, claims)).toEqual({ up: 40, down: 25, unknown: 15, exempt: 20 })
  })

  test('agrees with counting instant by instant, and adds up to the period', () => {
    fc.assert(
      fc.property(someIntervals, somePeriod, someClaims, (intervals, period, claims) => {
        const totals = accountAdjusted(intervals.toReversed(), period, claims)
        expect(totals).toEqual(counted(intervals, period, claims))
        expect(totals.up + totals.down + totals.unknown + totals.exempt).toBe(period.to - period.from)
      }),
      { numRuns },
    )
  })

  test('without claims it is the evidence, also where all claims lie elsewhere', () => {
    fc.assert(
      fc.property(someIntervals, somePeriod, someClaims, (intervals, period, claims) => {
        const elsewhere = claims.map((c) => ({ ...c, from: c.from + 1_000, to: c.to + 1_000 }))
        expect(accountAdjusted(intervals, period, [])).toEqual(account(intervals, period))
        expect(accountAdjusted(intervals, period, elsewhere)).toEqual(account(intervals, period))
      }),
      { numRuns },
    )
  })

  test('however a period is cut or an interval is split, the totals are the same', () => {
    const someStep = fc.integer({ min: 1, max: 30 })
    fc.assert(
      fc.property(someIntervals, somePeriod, someClaims, someStep, (intervals, period, claims, step) => {
        const whole = accountAdjusted(intervals, period, claims)
        const pieces = range(0, Math.ceil((period.to - period.from) / step)).map((i) => ({
          from: period.from + i * step,
          to: Math.min(period.to, period.from + (i + 1) * step),
        }))
        expect(addTotals(accountEach(intervals, pieces, claims))).toEqual(whole)
        const cut = intervals.flatMap(({ from, to, state }) => [
          { from, to: from + 1, state },
          ...(to === from + 1 ? [] : [{ from: from + 1, to, state }]),
        ])
        expect(accountAdjusted(cut.reverse(), period, [...claims, ...claims])).toEqual(whole)
      }),
      { numRuns },
    )
  })

  test('many periods in one pass are as each by itself, with gaps between them or not', () => {
    fc.assert(
      fc.property(
        someIntervals,
        fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 8 }),
        someClaims,
        (intervals, steps, claims) => {
          const periods: Span[] = []
          for (const [gap, length] of steps) {
            const from = (periods.at(-1)?.to ?? 0) + gap
            periods.push({ from, to: from + length })
          }
          expect(accountEach(intervals, periods, claims)).toEqual(
            periods.map((period) => accountAdjusted(intervals, period, claims)),
          )
        },
      ),
      { numRuns },
    )
  })
})
