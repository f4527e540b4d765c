import { measureNames, measures } from '@hub/contracts'
import { describe, expect, it } from 'vitest'
import { valueAt } from './curves.ts'

const midnight = Date.UTC(2026, 2, 1, 16)
const hours = Array.from({ length: 96 }, (_, n) => midnight + n * 900_000)

describe.each(measureNames)('%s', (measure) => {
  const values = hours.map((at) => valueAt(measure, '43040500001340000001', at))
  it('stays in its range and moves', () => {
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(measures[measure].min)
      expect(value).toBeLessThanOrEqual(measures[measure].max)
    }
    expect(new Set(values).size).toBeGreaterThan(3)
  })
  it('is the same at the same instant, and its own at each sensor', () => {
    expect(hours.map((at) => valueAt(measure, '43040500001340000001', at))).toEqual(values)
    expect(hours.map((at) => valueAt(measure, '43040500001340000002', at))).not.toEqual(values)
  })
})

it('counts more vehicles at the rush hour than at night', () => {
  const at = (hour: number) => valueAt('vehicles', 's', midnight + hour * 3_600_000)
  expect(at(8)).toBeGreaterThan(at(3) + 5)
})
