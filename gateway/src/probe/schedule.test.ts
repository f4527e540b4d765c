import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstLook, nextLook, onGrid, paceOf } from './schedule.ts'

const now = 1_800_000_000_000
const ids = Array.from({ length: 20_000 }, (_, i) => `430405000013200${String(i).padStart(5, '0')}`)

test('20,000 cameras whose ids differ in the last digits come evenly: no second has a burst', () => {
  const seconds = new Array<number>(30).fill(0)
  for (const id of ids) seconds[Math.floor((onGrid(paceOf(id, 30_000), now) - now) / 1000) % 30]!++
  expect(Math.max(...seconds)).toBeLessThan(667 * 1.2)
  expect(Math.min(...seconds)).toBeGreaterThan(667 * 0.8)
})

test('first looks: a small fleet at once, a large one over its period', () => {
  const last = (fleet: number) =>
    Math.max(...ids.slice(0, fleet).map((id) => firstLook(paceOf(id, 30_000), now, fleet))) - now
  expect(last(600)).toBeLessThanOrEqual(3_000)
  expect(last(20_000)).toBeLessThanOrEqual(30_000)
  expect(last(20_000)).toBeGreaterThan(29_000)
})

describe('the next look', () => {
  const pace = paceOf(ids[0]!, 30_000)
  const at = onGrid(pace, now)
  const after = (change: object) =>
    nextLook(pace, { startedAt: at, endedAt: at + 20, wrong: 0, dead: 0, ...change }) - at

  test('comes one period later, on the same grid', () => {
    expect(after({})).toBe(30_000)
  })
  test('after a first failure a second and a third follow within ten seconds, whatever each takes', () => {
    let startedAt = at
    for (const wrong of [1, 2])
      startedAt = nextLook(pace, { startedAt, endedAt: startedAt + 2_500, wrong, dead: wrong })
    expect(startedAt + 2_500 - at).toBeLessThanOrEqual(10_000)
    expect(startedAt - at).toBeGreaterThan(5_000)
    expect(onGrid(pace, nextLook(pace, { startedAt, endedAt: startedAt, wrong: 3, dead: 3 }))).toBe(at + 30_000)
  })
  test('with a short period the confirmation is as short', () => {
    const short = paceOf('x', 1_000)
    expect(nextLook(short, { startedAt: at, endedAt: at, wrong: 1, dead: 1 }) - at).toBeLessThanOrEqual(334)
  })
  test('the long dead are asked less often', () => {
    expect([after({ wrong: 19, dead: 19 }), after({ wrong: 20, dead: 20 }), after({ wrong: 60, dead: 60 })]).toEqual([
      30_000, 60_000, 120_000,
    ])
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
          const next = nextLook(paceOf(id, every), { startedAt: now, endedAt: now + took, wrong, dead })
          expect(next).toBeGreaterThan(now + took - 1)
          expect(next).toBeLessThanOrEqual(now + Math.max(took, 3.5 * every) + every + 2)
        },
      ),
    )
  })
})
