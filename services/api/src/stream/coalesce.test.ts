import { createManualClock } from '@hub/platform'
import { expect, test } from 'vitest'
import { createCoalescer } from './coalesce.ts'

test('the first goes on at once, what follows within the second together, and a second of quiet begins anew', () => {
  const clock = createManualClock(0)
  const told: (readonly string[])[] = []
  const coalescer = createCoalescer(clock, 1_000, (ids: readonly string[]) => told.push(ids))
  coalescer.add('a')
  expect(told).toEqual([['a']])
  for (const id of ['b', 'c', 'b', 'a']) coalescer.add(id)
  clock.advance(999)
  expect(told).toHaveLength(1)
  clock.advance(1)
  expect(told.slice(1)).toEqual([['b', 'c', 'b', 'a']])
  coalescer.add('d')
  expect(told).toHaveLength(2)
  clock.advance(1_000)
  expect(told.slice(2)).toEqual([['d']])
  clock.advance(1_000)
  coalescer.add('e')
  expect(told.slice(3)).toEqual([['e']])
})

test('what is cancelled goes on no more', () => {
  const clock = createManualClock(0)
  const told: (readonly string[])[] = []
  const coalescer = createCoalescer(clock, 1_000, (ids: readonly string[]) => told.push(ids))
  coalescer.add('a')
  coalescer.add('b')
  coalescer.cancel()
  clock.advance(5_000)
  expect(told).toEqual([['a']])
})
