import { expect, test } from 'vitest'
import { axisRate, rateRange, summarise, timeRange, trendPoint, trendSeries } from './trend.ts'

const points = [
  { at: 1_000, rate: 0.97, unknown: 0 },
  { at: 2_000, rate: 0.9, unknown: 0.1 },
  { at: 3_000, rate: null, unknown: 1 },
]

test('the band is what unknown time leaves open: all of it down, or all of it up', () => {
  const { at, low, high } = trendSeries(points)
  expect(at).toEqual([1, 2, 3])
  expect(low).toEqual([0.97, expect.closeTo(0.81), null])
  expect(high).toEqual([0.97, expect.closeTo(0.91), null])
})

test('the axis holds the target and the lowest rate, and never passes 100 %', () => {
  const [low, high] = rateRange(trendSeries(points), 0.96)
  expect(low).toBeLessThan(0.9)
  expect(high).toBe(1)
})

test('the first point of a young hub stands at the end of a day, not alone in the dark', () => {
  expect(timeRange(trendSeries([{ at: 90_000_000, rate: 1, unknown: 0 }]))).toEqual([3_600, 90_000])
  const days = [0, 200_000_000].map((at) => ({ at, rate: 1, unknown: 0 }))
  expect(timeRange(trendSeries(days))).toEqual([0, 200_000])
})

test('a summary is of what is known; of nothing there is none', () => {
  expect(summarise(points)).toEqual({ from: 1_000, to: 2_000, min: 0.9, max: 0.97, last: 0.9 })
  expect(summarise(points.slice(2))).toBeNull()
})

test('a point of the record: the unknown share is of what is not exempt', () => {
  expect(
    trendPoint({ at: 1, up: 60, down: 20, unknown: 20, exempt: 900, rate: 0.75, partial: false, recomputing: false }),
  ).toEqual({
    at: 1,
    rate: 0.75,
    unknown: 0.2,
  })
  expect(
    trendPoint({ at: 1, up: 0, down: 0, unknown: 0, exempt: 9, rate: null, partial: false, recomputing: false })
      .unknown,
  ).toBe(0)
})

test('the axis says whole points, and tenths where it has them', () => {
  expect([0.96, 0.7 + 0.1 + 0.1, 0.965, 1].map(axisRate)).toEqual(['96 %', '90 %', '96.5 %', '100 %'])
})
