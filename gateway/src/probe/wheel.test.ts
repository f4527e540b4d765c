import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimingWheel } from './wheel.ts'

test('every item comes once, never early, at most one tick late, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5_000)),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
      (times, steps) => {
        const wheel = new TimingWheel<number>(25, 1_000)
        for (const time of times) wheel.add(1_000 + time, time)
        const came: number[] = []
        let now = 1_000
        for (const step of [...steps, 10_000]) {
          now += step
          for (const time of wheel.due(now)) {
            expect(1_000 + time).toBeLessThanOrEqual(now)
            came.push(time)
          }
        }
        expect(came.map((t) => Math.ceil(t / 25))).toEqual(times.map((t) => Math.ceil(t / 25)).sort((a, b) => a - b))
      },
    ),
  )
})

test('an item in the past comes at the next call', () => {
  const wheel = new TimingWheel<string>(25, 1_000)
  wheel.due(5_000)
  wheel.add(10, 'late')
  expect(wheel.due(5_025)).toEqual(['late'])
})

test('a clock that leaps by a year costs nothing', () => {
  const wheel = new TimingWheel<string>(25, 0)
  wheel.add(1_000, 'a')
  const started = performance.now()
  expect(wheel.due(365 * 86_400_000)).toEqual(['a'])
  // Tick by tick it would take minutes.
  expect(performance.now() - started).toBeLessThan(5_000)
})
