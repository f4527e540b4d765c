import type { Progress } from '@hub/contracts'
import { expect, test } from 'vitest'
import { countRange, curveSeries, isDrawn, todayOf } from './curve.ts'

const point = (day: string, planned: number, reached: number | null): Progress['curve'][number] => ({
  day,
  planned,
  built: reached,
  accepted: reached && reached - 1,
  inService: reached && reached - 2,
  retired: reached && 0,
})
const curve = [
  point('2026-11-07', 100, 60),
  point('2026-11-14', 150, 90),
  point('2026-11-21', 200, 150),
  point('2026-11-28', 260, null),
]

test('the plan goes on after today, what was reached does not', () => {
  const { at, planned, built, inService } = curveSeries(curve)
  expect(at[0]).toBe(Date.UTC(2026, 10, 7, 4) / 1_000)
  expect(planned).toEqual([100, 150, 200, 260])
  expect(built).toEqual([60, 90, 150, null])
  expect(inService).toEqual([58, 88, 148, null])
})

test('today is the last point that tells what was reached', () => {
  expect(todayOf(curve)?.day).toBe('2026-11-21')
  expect(todayOf([])).toBeNull()
})

test('the axis starts at nothing and leaves room above the highest line', () => {
  expect(countRange(curve)).toEqual([0, 273])
  expect(countRange([])).toEqual([0, 1])
})

test('a single day is no curve', () => {
  expect(isDrawn(curve)).toBe(true)
  expect(isDrawn(curve.slice(0, 1))).toBe(false)
})
