import { createManualClock } from '@hub/platform'
import { expect, test } from 'vitest'
import { createGatherer } from './gather.ts'

test('the first is told at once, what follows within the second together, and a second of quiet begins anew', () => {
  const clock = createManualClock(0)
  const told: (readonly string[])[] = []
  const gatherer = createGatherer(clock, 1_000, (ids) => told.push(ids))
  gatherer.add('a')
  expect(told).toEqual([['a']])
  for (const id of ['b', 'c', 'b', 'a']) gatherer.add(id)
  clock.advance(999)
  expect(told).toHaveLength(1)
  clock.advance(1)
  expect(told.slice(1)).toEqual([['b', 'c', 'a']])
  gatherer.add('d')
  expect(told).toHaveLength(2)
  clock.advance(1_000)
  expect(told.slice(2)).toEqual([['d']])
  clock.advance(1_000)
  gatherer.add('e')
  expect(told.slice(3)).toEqual([['e']])
})

test('what is cancelled is told no more', () => {
  const clock = createManualClock(0)
  const told: (readonly string[])[] = []
  const gatherer = createGatherer(clock, 1_000, (ids) => told.push(ids))
  gatherer.add('a')
  gatherer.add('b')
  gatherer.cancel()
  clock.advance(5_000)
  expect(told).toEqual([['a']])
})
