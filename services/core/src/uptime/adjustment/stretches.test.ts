import { type CountedState, countedStates, type DeviceState } from '@hub/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Timed, Totals } from '../../common/time/account.ts'
import { accountAdjusted } from './account.ts'
import type { Claim } from './claims.ts'
import { stretchesOf } from './stretches.ts'

const due = { from: 100, to: 200 }

test('an exemption inside a down interval cuts it in three; time without an interval is a row of its own', () => {
  const down: Timed = { from: 50, to: 150, state: 'down' }
  const claim: Claim = { from: 110, to: 120, countAs: 'exempt', decidedAt: 1 }
  expect(stretchesOf([down], due, [claim])).toEqual([
    { from: 100, to: 110, interval: down, countAs: 'down', claimed: false },
    { from: 110, to: 120, interval: down, countAs: 'exempt', claimed: true },
    { from: 120, to: 150, interval: down, countAs: 'down', claimed: false },
    { from: 150, to: 200, interval: null, countAs: 'unknown', claimed: false },
  ])
})

test('the rows follow one another and add up to the account of the period, whatever was observed and approved', () => {
  const time = fc.integer({ min: 0, max: 300 })
  const state = fc.constantFrom<DeviceState>('up', 'degraded', 'down', 'unknown')
  const intervals = fc.array(fc.tuple(time, time, state), { maxLength: 8 }).map((some) => {
    const apart: Timed[] = []
    const ordered = some.map(([a, b, kind]) => ({ from: Math.min(a, b), to: Math.max(a, b), state: kind }))
    for (const one of ordered.sort((a, b) => a.from - b.from)) if ((apart.at(-1)?.to ?? 0) <= one.from) apart.push(one)
    return apart
  })
  const claim = fc
    .tuple(time, time, fc.constantFrom<CountedState>(...countedStates), fc.nat(3))
    .map(([a, b, countAs, decidedAt]): Claim => ({ from: Math.min(a, b), to: Math.max(a, b), countAs, decidedAt }))
  fc.assert(
    fc.property(intervals, fc.array(claim, { maxLength: 4 }), (evidence, claims) => {
      const rows = stretchesOf(evidence, due, claims)
      const totals: Totals = { up: 0, down: 0, unknown: 0, exempt: 0 }
      let at = due.from
      for (const { from, to, countAs } of rows) {
        expect(from).toBe(at)
        expect(to).toBeGreaterThan(from)
        totals[countAs] += to - from
        at = to
      }
      expect(at).toBe(due.to)
      expect(totals).toEqual(accountAdjusted(evidence, due, claims))
    }),
    { numRuns: 1_000 },
  )
})
