import type { Interval, Observation, Rule } from '@hub/contracts'
import { expect, test } from 'vitest'
import { latencyOf } from './latency.ts'
import { stripOf } from './strip.ts'

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
  const pieces = stripOf([interval(0, 120, 'up'), interval(150, null, 'down'), interval(10, 50, 'up')], 100, 200)
  expect(pieces).toEqual([
    { state: 'up', x: 0, width: 0.2, from: 100, to: 120 },
    { state: 'down', x: 0.5, width: 0.5, from: 150, to: 200 },
  ])
  expect(stripOf([interval(0, null, 'up')], 100, 100)).toEqual([])
})

test('latency runs from the oldest probe to the newest, and skips those that were not timed', () => {
  const latency = latencyOf([probe(3, 40), probe(2), probe(1, 10), probe(0, 20)], 100, 40)
  expect(latency).toEqual({ points: '0.0,20.0 50.0,30.0 100.0,0.0', median: 20, max: 40, count: 3 })
  expect(latencyOf([probe(1, 5)], 100, 40)).toBeNull()
})
