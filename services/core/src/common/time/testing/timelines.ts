/** Random timelines of some sixty instants, for properties that can be held against counting instant by instant. */
import type { DeviceState } from '@hub/contracts'
import fc from 'fast-check'
import type { Timed } from '../account.ts'
import type { Span } from '../span.ts'

export const size = 60

export const somePeriod: fc.Arbitrary<Span> = fc
  .tuple(fc.nat(size), fc.nat(size))
  .map(([from, length]) => ({ from, to: from + length }))

/** A timeline with holes, open at its end or not. */
export const someIntervals: fc.Arbitrary<Timed[]> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: -5, max: size + 5 }), { maxLength: 10 }),
    fc.infiniteStream(fc.constantFrom<(DeviceState | 'hole')[]>('up', 'down', 'degraded', 'unknown', 'hole')),
    fc.boolean(),
  )
  .map(([edges, states, open]) =>
    edges
      .sort((a, b) => a - b)
      .map((from, i, all) => ({ from, to: all[i + 1] ?? (open ? null : from + 7), state: states.next().value }))
      .filter((i): i is Timed => (i.state as string) !== 'hole'),
  )

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
