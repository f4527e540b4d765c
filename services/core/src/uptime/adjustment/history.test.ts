import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addTotals, type Totals } from '../../common/time/account.ts'
import { daysIn } from '../../common/time/city.ts'
import { intersectSpans, type Span } from '../../common/time/span.ts'
import { Shell } from '../../ingest/testing/shell.ts'
import { accountAdjusted, accountEach } from './account.ts'
import { claimsOf } from './claims.ts'
import { device, type History, someHistory } from './testing/history.ts'
import { type Second, secondsOf } from './testing/oracle.ts'

/** `HISTORIES=100000 vitest run --project unit services/core/src/adjustment/history.test.ts` asks for more. */
const numRuns = Number(process.env.HISTORIES ?? 10_000)

/** As production comes to a figure: observations as they arrive, then the due time, then what was decided about it. */
function totalsOf(history: History): Totals[] {
  const shell = new Shell(history.policy)
  for (const { observations, now } of history.batches) {
    shell.take(observations, now)
    shell.expire(now)
  }
  shell.expire(history.end)
  return history.periods.map((period) => {
    const [due] = intersectSpans([period], [history.service])
    if (!due) return { up: 0, down: 0, unknown: 0, exempt: 0 }
    const claims = claimsOf(history.adjustments, device, due)
    const whole = accountAdjusted(shell.intervals, due, claims)
    const days = daysIn(due)
    const daily = days.map((day) => accountAdjusted(shell.intervals, day, claimsOf(history.adjustments, device, day)))
    expect([addTotals(daily), accountEach(shell.intervals, days, claims)]).toEqual([whole, daily])
    return whole
  })
}

/** As anyone would count who has the patience. */
function countedOf(history: History): Totals[] {
  const { begin, end, policy, adjustments, service, periods } = history
  const observations = history.batches.flatMap((batch) => batch.observations)
  const seconds = secondsOf({ observations, policy, adjustments, device }, begin, end)
  const isIn = (at: number, span: Span) => at >= span.from && at < span.to
  return periods.map((period) => {
    const totals: Record<Second, number> = { up: 0, down: 0, unknown: 0, exempt: 0 }
    seconds.forEach((second, i) => {
      const at = begin + i * 1_000
      if (isIn(at, period) && isIn(at, service)) totals[second] += 1_000
    })
    return totals
  })
}

test(`${numRuns} random histories, with loss, duplication, reordering, clock steps, exemptions and late spools: equal to the second`, {
  timeout: 60_000 + numRuns * 20,
}, () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(someHistory, (history) => {
      const totals = totalsOf(history)
      expect(totals).toEqual(countedOf(history))
      for (const one of totals)
        for (const kind of ['up', 'down', 'unknown', 'exempt'] as const)
          if (one[kind] > 0) met.set(kind, (met.get(kind) ?? 0) + 1)
    }),
    { numRuns },
  )
  // A property over nothing holds: each kind of time must have been there often.
  for (const kind of ['up', 'down', 'unknown', 'exempt']) expect(met.get(kind) ?? 0, kind).toBeGreaterThan(numRuns / 10)
})
