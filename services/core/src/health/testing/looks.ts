/** Random looks for property tests: whole seconds, close to an hour's end, crowded enough to meet, to tie and to fall silent. */
import fc from 'fast-check'
import { defaultHealthPolicy, type HealthPolicy, type Look, maxConfirm } from '../types.ts'

const hour = 3_600_000
export const begin = 480_000 * hour - 180_000
export const seconds = 480

const said = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ verdict: 'pass', rung: 'decodes' } as const) },
  { weight: 3, arbitrary: fc.constant({ verdict: 'fail', rung: 'reachable', reason: 'timeout' } as const) },
  { weight: 2, arbitrary: fc.constant({ verdict: 'fail', rung: 'reachable', reason: 'refused' } as const) },
  { weight: 1, arbitrary: fc.constant({ verdict: 'degraded', rung: 'decodes', reason: 'clock' } as const) },
  { weight: 1, arbitrary: fc.constant({ verdict: 'blind', rung: 'reachable', reason: 'gateway-network' } as const) },
)
const every = fc.oneof({ weight: 5, arbitrary: fc.constant(10_000) }, { weight: 1, arbitrary: fc.constant(4_000) })

const look: fc.Arbitrary<Look> = fc
  .tuple(fc.integer({ min: 0, max: 80 }), said, every)
  .map(([k, saying, due]) => ({ at: begin + k * 5_000, ...saying, every: due }))

/** A streak: what a real device says is seldom noise. */
const streak: fc.Arbitrary<Look[]> = fc
  .tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 1, max: 9 }), said, every)
  .map(([k, count, saying, due]) =>
    Array.from({ length: count }, (_, i) => ({ at: begin + (k + i) * 5_000, ...saying, every: due })),
  )

/** In no order; instants may tie, looks may be there twice. */
export const someLooks: fc.Arbitrary<Look[]> = fc
  .tuple(fc.array(streak, { maxLength: 4 }), fc.array(look, { maxLength: 6 }))
  .map(([streaks, single]) => [...streaks.flat(), ...single])

export const somePolicy: fc.Arbitrary<HealthPolicy> = fc.oneof(
  fc.constant(defaultHealthPolicy),
  fc.record({
    confirm: fc.record({
      up: fc.integer({ min: 1, max: 2 }),
      degraded: fc.integer({ min: 1, max: 3 }),
      down: fc.integer({ min: 1, max: maxConfirm }),
      unknown: fc.integer({ min: 1, max: 2 }),
    }),
    staleAfter: fc.integer({ min: 1, max: 4 }),
  }),
)

export const someInstant = fc.integer({ min: 0, max: seconds }).map((s) => begin + s * 1_000)
