/**
 * Random histories: what a gateway saw of one device around a midnight of the city, what became of it on the way to the centre
 * (lost, sent twice, reordered, held in a spool, stamped by a clock that was stepped), and what was decided about it afterwards.
 */
import type { AdjustmentScope, AdjustmentStatus, CountedState, Recurrence } from '@hub/contracts'
import fc from 'fast-check'
import type { Span } from '../../../common/time/span.ts'
import { dayMs, secondMs } from '../../../common/time/units.ts'
import { defaultHealthPolicy, type Evidence, type HealthPolicy, maxConfirm } from '../../../ingest/types.ts'
import type { Claiming } from '../claims.ts'
import type { AdjustableDevice } from '../covers.ts'

/** Seconds on either side of midnight. */
const half = 300

export const device: AdjustableDevice = {
  id: '43040500001321000001',
  district: '430405',
  carrier: 'telecom',
  application: 'safe-city',
  kind: 'camera',
  pole: 'P-7',
  feed: 'F-3',
}

export type History = {
  begin: number
  end: number
  policy: HealthPolicy
  /** As they arrive at the centre, with its clock. */
  batches: { observations: Evidence[]; now: number }[]
  adjustments: Claiming[]
  service: Span
  periods: Span[]
}

/** Months that end and begin, a leap day, new years, and days between; all weekdays. */
const midnights = [
  '2024-02-29',
  '2024-03-01',
  '2025-03-01',
  '2026-01-01',
  '2026-03-02',
  '2026-05-01',
  '2026-06-17',
].map((day) => Date.parse(`${day}T00:00:00+08:00`))

const somePolicy: fc.Arbitrary<HealthPolicy> = fc.oneof(
  fc.constant(defaultHealthPolicy),
  fc.record({
    confirm: fc.record({
      up: fc.integer({ min: 1, max: 2 }),
      degraded: fc.integer({ min: 1, max: 3 }),
      down: fc.integer({ min: 1, max: maxConfirm }),
      unknown: fc.integer({ min: 1, max: 2 }),
    }),
    staleAfter: fc.integer({ min: 1, max: 4 }),
    periodTolerance: fc.constantFrom(0.1, 0.2),
  }),
)

const said = fc.constantFrom(
  { verdict: 'pass', rung: 'decodes' } as const,
  { verdict: 'pass', rung: 'decodes' } as const,
  { verdict: 'fail', rung: 'reachable', reason: 'timeout' } as const,
  { verdict: 'fail', rung: 'reachable', reason: 'refused' } as const,
  { verdict: 'degraded', rung: 'decodes', reason: 'clock' } as const,
  { verdict: 'blind', rung: 'reachable', reason: 'gateway-network' } as const,
)

/** For how long the device observations like that, and how it is looked at; nobody observations in a silent stretch. */
const someStretch = fc.record({
  seconds: fc.integer({ min: 5, max: 160 }),
  saying: fc.option(said, { freq: 6 }),
  every: fc.constantFrom(10, 10, 15, 30, 4),
})

const percent = fc.nat(99)
const someTroubles = fc.record({
  /** From this part of the observations on, the gateway's clock is off by so many seconds more. */
  clockSteps: fc.array(fc.record({ from: percent, by: fc.integer({ min: -90, max: 90 }) }), { maxLength: 2 }),
  /** Stretches of observations that never arrive. */
  lost: fc.array(fc.record({ from: percent, count: fc.integer({ min: 1, max: 8 }) }), { maxLength: 2 }),
  /** Stretches that are kept in the spool until the end, newest or oldest first. */
  held: fc.array(fc.record({ from: percent, count: fc.integer({ min: 1, max: 25 }), newestFirst: fc.boolean() }), {
    maxLength: 2,
  }),
  /** Observations that arrive once more after so many others. */
  again: fc.array(fc.record({ from: percent, after: fc.nat(12) }), { maxLength: 4 }),
  /** Observations that so many later ones overtake. */
  overtaken: fc.array(fc.record({ from: percent, by: fc.integer({ min: 1, max: 6 }) }), { maxLength: 4 }),
  batch: fc.integer({ min: 1, max: 12 }),
})
type Troubles = typeof someTroubles extends fc.Arbitrary<infer T> ? T : never

const someSpan = (least: number, most: number): fc.Arbitrary<Span> =>
  fc
    .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
    .map(([a, b]) => ({ from: Math.min(a, b) * secondMs, to: Math.max(a, b) * secondMs }))

const someScope = fc.constantFrom<AdjustmentScope[]>(
  { by: 'devices', values: ['43040500001321000009', device.id] },
  { by: 'pole', values: ['P-7'] },
  { by: 'feed', values: ['F-1', 'F-3'], carriers: ['telecom'] },
  { by: 'district', values: ['430405'], kind: 'camera', applications: ['safe-city', 'traffic'] },
  { by: 'district', values: ['430406'] },
  { by: 'district', values: ['430405'], carriers: ['mobile'] },
)

/** Starts near midnight, or at noon with a window that may be a day long. */
const someRecurrence: fc.Arbitrary<Recurrence> = fc
  .record({
    on: fc.oneof(
      fc.constant({}),
      fc.record({ weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }) }),
      fc.record({ monthDays: fc.uniqueArray(fc.constantFrom(1, 2, 17, 28, 29, 30, 31), { minLength: 1 }) }),
    ),
    start: fc.constantFrom('23:52', '23:55', '23:57', '23:59', '00:00', '00:01', '00:03', '12:00'),
    minutes: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 700, max: 1_440 })),
  })
  .map(({ on, ...window }) => ({ ...on, ...window }))

const someAdjustment = fc.record({
  status: fc.constantFrom<AdjustmentStatus[]>('approved', 'approved', 'approved', 'approved', 'requested', 'withdrawn'),
  countAs: fc.constantFrom<CountedState[]>('exempt', 'exempt', 'exempt', 'up', 'down', 'unknown'),
  scope: someScope,
  within: fc.constantFrom<Claiming['within'][]>('city', 'city', ['430405'], ['430406']),
  span: fc.oneof(someSpan(-half, half), fc.constant({ from: -40 * dayMs, to: 40 * dayMs })),
  recurrence: fc.option(someRecurrence, { nil: undefined }),
  decidedAt: fc.integer({ min: 1, max: 3 }),
})

export const someHistory: fc.Arbitrary<History> = fc
  .record({
    midnight: fc.constantFrom(...midnights),
    policy: somePolicy,
    stretches: fc.array(someStretch, { maxLength: 9 }),
    troubles: someTroubles,
    adjustments: fc.array(someAdjustment, { maxLength: 4 }),
    service: fc.oneof(fc.constant({ from: -half * secondMs, to: half * secondMs }), someSpan(-half, half)),
    periods: fc.array(someSpan(-half, half), { minLength: 1, maxLength: 3 }),
  })
  .map(({ midnight, policy, stretches, troubles, adjustments, service, periods }) => {
    const begin = midnight - half * secondMs
    const end = midnight + half * secondMs
    const shift = (span: Span): Span => ({ from: midnight + span.from, to: midnight + span.to })
    return {
      begin,
      end,
      policy,
      batches: arrivals(seen(stretches, begin, end), troubles, end),
      adjustments: adjustments.map(({ span, recurrence, ...rest }) => ({
        ...rest,
        ...shift(span),
        // A correction does not come back.
        ...(recurrence && rest.countAs === 'exempt' && { recurrence }),
      })),
      service: shift(service),
      periods: periods.map(shift),
    }
  })

function seen(
  stretches: readonly (typeof someStretch extends fc.Arbitrary<infer T> ? T : never)[],
  begin: number,
  end: number,
): Evidence[] {
  const observations: Evidence[] = []
  let at = begin
  for (const { seconds, saying, every } of stretches) {
    const until = Math.min(end, at + seconds * secondMs)
    if (saying)
      for (let t = at; t < until; t += every * secondMs)
        observations.push({ at: t, every: every * secondMs, ...saying })
    at = until
  }
  return observations
}

/** What becomes of the observations on their way. The centre's clock goes on with the true time of what arrives. */
function arrivals(observations: readonly Evidence[], troubles: Troubles, end: number): History['batches'] {
  const indexOf = (part: number) => Math.floor((part / 100) * observations.length)
  const isIn = (i: number, { from, count }: { from: number; count: number }) =>
    i >= indexOf(from) && i < indexOf(from) + count
  const sent = observations.map((observation, i) => {
    const off = troubles.clockSteps.filter(({ from }) => i >= indexOf(from)).reduce((sum, { by }) => sum + by, 0)
    return { observation: { ...observation, at: observation.at + off * secondMs }, now: observation.at, i }
  })
  let line = sent.filter(({ i }) => !troubles.lost.some((lost) => isIn(i, lost)))
  for (const { from, by } of troubles.overtaken) {
    const place = indexOf(from)
    line.splice(place + by, 0, ...line.splice(place, 1))
  }
  for (const { from, after } of troubles.again) {
    const twice = line[indexOf(from)]
    if (twice) line.splice(indexOf(from) + 1 + after, 0, twice)
  }
  for (const held of troubles.held) {
    const spooled = line.filter(({ i }) => isIn(i, held)).map((one) => ({ ...one, now: end }))
    line = [...line.filter(({ i }) => !isIn(i, held)), ...(held.newestFirst ? spooled.reverse() : spooled)]
  }
  const batches: History['batches'] = []
  for (let i = 0; i < line.length; i += troubles.batch) {
    const batch = line.slice(i, i + troubles.batch)
    batches.push({
      observations: batch.map(({ observation }) => observation),
      now: Math.max(...batch.map(({ now }) => now)),
    })
  }
  return batches
}
