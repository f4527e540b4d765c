import { expect, test } from 'vitest'
import { corpus } from '../bench/outages/unlike/corpus.ts'
import { f1, longest, type Placed, pairsOf } from '../bench/outages/unlike/pairs.ts'

const placed = (...rows: [truth: number, group: string][]): Placed[] =>
  rows.map(([truth, group], n) => ({ truth, group, device: `d${n}` }))

test('a device is no pair with itself: an alarm for each of three finds nothing', () => {
  const pairs = pairsOf(placed([0, 'a'], [0, 'b'], [0, 'c']))
  expect(pairs).toMatchObject({ both: 0, grouped: 0, truly: 3 })
  expect(f1(pairs)).toEqual({ precision: 1, recall: 0, f1: 0 })
})

test('a lone failure in an outage of three costs precision, and is mixed with all of it', () => {
  const pairs = pairsOf(placed([0, 'a'], [0, 'a'], [0, 'a'], [1, 'a']))
  expect(f1(pairs)).toMatchObject({ precision: 0.5, recall: 1 })
  expect(pairs.mixed).toBe(4)
})

test('where nothing belongs together the share left alone counts', () => {
  expect(f1(pairsOf(placed([0, 'a'], [1, 'a'], [2, 'b'], [3, 'c']))).f1).toBe(0.5)
})

test('a device that was in two outages counts for the one that held it longer in that time', () => {
  const episode = (from: number, to: number | null) => [{ device: 'd', from, to }]
  const groups = [
    { id: 'early', episodes: episode(0, 3_000_000) },
    { id: 'late', episodes: episode(3_000_000, null) },
  ]
  expect(longest(groups)({ device: 'd', from: 0, to: 4_000_000 })).toBe('early')
  expect(longest(groups)({ device: 'd', from: 2_900_000, to: 6_000_000 })).toBe('late')
  expect(longest(groups)({ device: 'other', from: 0, to: 1 })).toBeNull()
})

test('a scenario is the same each time, and the two sets share none', () => {
  const names = (set: 'open' | 'aside') => [...corpus({ set, kind: 'plain' })].map((s) => s.name)
  expect(names('open').filter((name) => names('aside').includes(name))).toEqual([])
  const [once, again] = [1, 2].map(() => [...corpus({ kind: 'storm-poles', sample: 1 })][0]!)
  expect(JSON.stringify(once)).toBe(JSON.stringify(again))
})
