import type { Interval, Observation, Rule } from '@hub/contracts'
import { describe, expect, test } from 'vitest'
import { latencyOf } from './latency.ts'
import { nearest, plausible, sparkOf } from './spark.ts'
import { stripOf, within } from './strip.ts'

const rule: Rule = { id: 'never-seen', count: 0, needed: 1, firstAt: null, lastAt: null }
const interval = (from: number, to: number | null, state: Interval['state']): Interval => ({ from, to, state, rule })
const probe = (at: number, ms?: number): Observation => ({
  device: '43040500001320000001',
  at,
  kind: 'probe',
  verdict: 'pass',
  rung: 'decodes',
  every: 30_000,
  ...(ms === undefined ? {} : { ms }),
})

test('a strip is cut to its period and leaves open what no interval covers', () => {
  const [up, down, gone] = [interval(0, 120, 'up'), interval(150, null, 'down'), interval(10, 50, 'up')]
  expect(stripOf([up, down, gone], { from: 100, to: 200 })).toEqual([
    { of: up, x: 0, width: 0.2, from: 100, to: 120 },
    { of: down, x: 0.5, width: 0.5, from: 150, to: 200 },
  ])
  expect(stripOf([interval(0, null, 'up')], { from: 100, to: 100 })).toEqual([])
})

test('an exemption belongs to a stretch that it touches, and not to one that it ends at', () => {
  const exempt = { from: 10, to: 20 }
  expect(within([exempt], { from: 19, to: 30 })).toEqual([exempt])
  expect(within([exempt], { from: 20, to: 30 })).toEqual([])
})

describe('the line of a measure', () => {
  const period = { from: 0, to: 100 }

  test('runs from its lowest to its highest value, and breaks where data is missing', () => {
    const points: [number, number][] = [...[0, 2, 4, 6].map((at): [number, number] => [at, at]), [50, 2], [52, 4]]
    expect(sparkOf(points, period, 100, 30)).toEqual({
      path: 'M0.0 30.0L0.0 30.0L2.0 20.0L4.0 10.0L6.0 0.0M50.0 20.0L50.0 20.0L52.0 10.0',
      low: 0,
      high: 6,
      count: 6,
    })
  })

  test('of one value is a line in the middle; of none there is none', () => {
    expect(sparkOf([[10, 7]], period, 100, 30)?.path).toBe('M10.0 15.0L10.0 15.0')
    expect(sparkOf([[400, 7]], period, 100, 30)).toBeNull()
  })

  test('says what is nearest to the pointer', () => {
    expect(
      nearest(
        [
          [0, 1],
          [10, 2],
          [20, 3],
        ],
        14,
      ),
    ).toEqual([10, 2])
    expect(nearest([], 14)).toBeUndefined()
  })

  test('holds a value to its range, ends included', () =>
    expect([0, 100, 100.1, -1].map((value) => plausible(value, { min: 0, max: 100 }))).toEqual([
      true,
      true,
      false,
      false,
    ]))
})

test('latency runs from the oldest probe to the newest, and skips those that were not timed', () => {
  const latency = latencyOf([probe(3, 40), probe(2), probe(1, 10), probe(0, 20)], 100, 40)
  expect(latency).toEqual({ points: '0.0,20.0 50.0,30.0 100.0,0.0', median: 20, max: 40, count: 3 })
  expect(latencyOf([probe(1, 5)], 100, 40)).toBeNull()
})
