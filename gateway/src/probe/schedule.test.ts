import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FirstProbes, nextProbe, nominalPeriod, onGrid, paceOf } from './schedule.ts'

const now = 1_800_000_000_000
const ids = Array.from({ length: 20_000 }, (_, i) => `430405000013200${String(i).padStart(5, '0')}`)

test('20,000 cameras whose ids differ in the last digits come evenly: no second has a burst', () => {
  const seconds = new Array<number>(30).fill(0)
  for (const id of ids) seconds[Math.floor((onGrid(paceOf(id, 30_000), now) - now) / 1000) % 30]!++
  expect(Math.max(...seconds)).toBeLessThan(667 * 1.2)
  expect(Math.min(...seconds)).toBeGreaterThan(667 * 0.8)
})

test('first probes: a small fleet at once, a large one over its period', () => {
  const last = (fleet: number) =>
    Math.max(
      ...ids
        .slice(0, fleet)
        .map((id) => paceOf(id, 30_000))
        .map(new FirstProbes().of(fleet, now)),
    ) - now
  expect(last(600)).toBeLessThanOrEqual(3_000)
  expect(last(20_000)).toBeLessThanOrEqual(30_000)
  expect(last(20_000)).toBeGreaterThan(29_000)
})

test('first probes of a fleet that is assigned in parts come as those of one that is assigned at once: no second has a burst', () => {
  for (const [fleet, most] of [
    [4_000, 200],
    [20_000, 667],
  ] as const) {
    const first = new FirstProbes()
    const seconds = new Array<number>(33).fill(0)
    for (let part = 0; part < fleet / 500; part++) {
      const at = first.of(500, now + part * 50)
      for (const id of ids.slice(part * 500, (part + 1) * 500))
        seconds[Math.floor((at(paceOf(id, 30_000)) - now) / 1000)]!++
    }
    expect(seconds.reduce((sum, n) => sum + n)).toBe(fleet)
    expect(Math.max(...seconds)).toBeLessThan((most + 200) * 1.15)
  }
  const later = new FirstProbes()
  later.of(20_000, now)
  expect(later.of(1, now + 200_000)(paceOf(ids[0]!, 30_000))).toBeLessThan(now + 200_010)
})

describe('the next probe', () => {
  const pace = paceOf(ids[0]!, 30_000)
  const at = onGrid(pace, now)
  const after = (change: object) =>
    nextProbe(pace, { startedAt: at, endedAt: at + 20, wrong: 0, dead: 0, ...change }) - at

  test('comes one period later, on the same grid', () => {
    expect(after({})).toBe(30_000)
  })
  test('after a first failure a second and a third follow within ten seconds, whatever each takes', () => {
    let startedAt = at
    for (const wrong of [1, 2])
      startedAt = nextProbe(pace, { startedAt, endedAt: startedAt + 2_500, wrong, dead: wrong })
    expect(startedAt + 2_500 - at).toBeLessThanOrEqual(10_000)
    expect(startedAt - at).toBeGreaterThan(5_000)
    expect(onGrid(pace, nextProbe(pace, { startedAt, endedAt: startedAt, wrong: 3, dead: 3 }))).toBe(at + 30_000)
  })
  test('with a short period the confirmation is as short', () => {
    const short = paceOf('x', 1_000)
    expect(nextProbe(short, { startedAt: at, endedAt: at, wrong: 1, dead: 1 }) - at).toBeLessThanOrEqual(334)
  })
  test('the long dead are asked less often', () => {
    expect([after({ wrong: 19, dead: 19 }), after({ wrong: 20, dead: 20 }), after({ wrong: 60, dead: 60 })]).toEqual([
      30_000, 60_000, 120_000,
    ])
  })
  test('is published as it is meant, whatever the last one took, and comes before three such periods are over', () => {
    const deadlineMs = 5_000
    expect([0, 1, 2, 3].map((wrong) => nominalPeriod(pace, { wrong, dead: wrong }, deadlineMs))).toEqual([
      30_000, 5_000, 5_000, 30_000,
    ])
    expect([20, 60].map((dead) => nominalPeriod(pace, { wrong: dead, dead }, deadlineMs))).toEqual([60_000, 120_000])
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 3_600_000 }),
        fc.nat(deadlineMs),
        fc.nat(100),
        fc.string(),
        (every, took, wrong, id) => {
          const ended = { startedAt: now, endedAt: now + took, wrong, dead: wrong }
          const pace = paceOf(id, every)
          const resultAt = nextProbe(pace, ended) + deadlineMs
          expect(resultAt - now).toBeLessThanOrEqual(3 * nominalPeriod(pace, ended, deadlineMs) + deadlineMs)
        },
      ),
    )
  })
  test('never comes before the last one has ended, nor more than 4.5 periods later', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 3_600_000 }),
        fc.nat(120_000),
        fc.nat(100),
        fc.nat(100),
        fc.string(),
        (every, took, wrong, dead, id) => {
          const next = nextProbe(paceOf(id, every), { startedAt: now, endedAt: now + took, wrong, dead })
          expect(next).toBeGreaterThan(now + took - 1)
          expect(next).toBeLessThanOrEqual(now + Math.max(took, 3.5 * every) + every + 2)
        },
      ),
    )
  })
})
