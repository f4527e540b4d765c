import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hourMs } from '../common/time/units.ts'
import { amend, restartPoint } from './amend.ts'
import { fold } from './fold.ts'
import { mergeRuns, splits } from './merge-late.ts'
import { expire } from './observe.ts'
import { oracle } from './testing/oracle.ts'
import { Shell } from './testing/shell.ts'
import { timelineOf } from './timeline.ts'
import { defaultHealthPolicy, type Evidence, type HealthPolicy, maxConfirm, type Run } from './types.ts'

const numRuns = 2_000

// Random observations: whole seconds, close to an hour's end, crowded enough to meet, to tie and to fall silent.
const begin = 480_000 * hourMs - 180_000
const seconds = 480

const said = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ verdict: 'pass', rung: 'decodes' } as const) },
  { weight: 3, arbitrary: fc.constant({ verdict: 'fail', rung: 'reachable', reason: 'timeout' } as const) },
  { weight: 2, arbitrary: fc.constant({ verdict: 'fail', rung: 'reachable', reason: 'refused' } as const) },
  { weight: 1, arbitrary: fc.constant({ verdict: 'fail', rung: 'fresh', reason: 'no-data' } as const) },
  { weight: 1, arbitrary: fc.constant({ verdict: 'degraded', rung: 'decodes', reason: 'clock' } as const) },
  { weight: 1, arbitrary: fc.constant({ verdict: 'blind', rung: 'reachable', reason: 'gateway-network' } as const) },
)
const every = fc.oneof(
  { weight: 5, arbitrary: fc.constant(10_000) },
  // As an older gateway says it: until the very millisecond of the next probe.
  { weight: 2, arbitrary: fc.integer({ min: 9_901, max: 9_999 }) },
  { weight: 1, arbitrary: fc.constant(4_000) },
)

const observation: fc.Arbitrary<Evidence> = fc
  .tuple(fc.integer({ min: 0, max: 80 }), said, every)
  .map(([k, saying, due]) => ({ at: begin + k * 5_000, ...saying, every: due }))

/** A streak: what a real device says is seldom noise. */
const streak: fc.Arbitrary<Evidence[]> = fc
  .tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 1, max: 9 }), said, every)
  .map(([k, count, saying, due]) =>
    Array.from({ length: count }, (_, i) => ({ at: begin + (k + i) * 5_000, ...saying, every: due })),
  )

/** In no order; instants may tie, observations may be there twice. */
const someLooks: fc.Arbitrary<Evidence[]> = fc
  .tuple(fc.array(streak, { maxLength: 4 }), fc.array(observation, { maxLength: 6 }))
  .map(([streaks, single]) => [...streaks.flat(), ...single])

const onePolicy: fc.Arbitrary<HealthPolicy> = fc.oneof(
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

/** Rules change now and then: each version holds from an instant on, which may be that of an observation. */
const somePolicy: fc.Arbitrary<HealthPolicy> = fc
  .tuple(onePolicy, fc.array(fc.tuple(onePolicy, fc.integer({ min: 0, max: 170 })), { maxLength: 2 }))
  .map(([first, later]) =>
    later
      .map(([policy, k]) => ({ policy, until: begin + k * 2_500 }))
      .sort((a, b) => a.until - b.until)
      .reduce((before, { policy, until }) => ({ ...policy, before: { until, policy: before } }), first),
  )

const someInstant = fc.integer({ min: 0, max: seconds }).map((s) => begin + s * 1_000)

const end = begin + seconds * 1_000
const none = new Map<number, readonly Evidence[]>()
const runsOf = (observations: readonly Evidence[], policy: HealthPolicy): Run[] =>
  mergeRuns([], observations, none, policy)
const once = (observations: readonly Evidence[]) => [
  ...new Map(observations.map((observation) => [observation.at, observation])).values(),
]

/** The observations dealt into batches: any order, any cut, some of them twice. */
const deal = (observations: readonly Evidence[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...observations], { minLength: observations.length }),
      fc.shuffledSubarray([...observations]),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      fc.boolean(),
    )
    .map(([shuffled, again, sizes, live]) => {
      const order = live
        ? [...observations].sort((a, b) => a.at - b.at).concat(again.slice(0, 5))
        : shuffled.concat(again)
      const batches: Evidence[][] = []
      for (let i = 0; order.length > 0; i++) batches.push(order.splice(0, sizes[i % sizes.length]))
      return batches
    })

const dealt = fc.record({ observations: someLooks, policy: somePolicy }).chain(({ observations, policy }) =>
  fc.record({
    observations: fc.constant(observations),
    policy: fc.constant(policy),
    batches: deal(observations),
    moments: fc.array(someInstant, { minLength: 1, maxLength: 4 }),
  }),
)

test('a timeline does not depend on how its observations arrive: split, merged, reordered, twice or late', () => {
  fc.assert(
    fc.property(dealt, ({ observations, policy, batches, moments }) => {
      const shell = new Shell(policy)
      batches.forEach((batch, i) => {
        const now = moments[i % moments.length]!
        shell.take(batch, now)
        shell.expire(now)
      })
      shell.expire(end)
      expect(shell.intervals).toEqual(timelineOf(observations, policy, end))
    }),
    { numRuns },
  )
})

test('runs and health are the same too, when each observation arrives once', () => {
  fc.assert(
    fc.property(dealt, fc.gen(), ({ observations, policy }, gen) => {
      const single = once(observations)
      const shell = new Shell(policy)
      for (const observation of gen(() => fc.shuffledSubarray(single, { minLength: single.length })))
        shell.take([observation], end)
      const runs = runsOf(single, policy)
      expect(shell.runs).toEqual(runs)
      shell.expire(end)
      expect(shell.health).toEqual(expire(fold(runs, policy).health, end, policy).health)
    }),
    { numRuns },
  )
})

test('merging is independent of order and of partition', () => {
  fc.assert(
    fc.property(dealt, ({ observations, policy, batches }) => {
      const seen: Evidence[] = []
      let runs: Run[] = []
      for (const batch of batches) {
        const raw = splits(runs, batch, policy).map((run): [number, Evidence[]] => [
          run.firstAt,
          seen.filter((observation) => observation.at >= run.firstAt && observation.at <= run.lastAt),
        ])
        runs = mergeRuns(runs, batch, new Map(raw), policy)
        seen.push(...batch)
      }
      expect(fold(runs, policy).intervals).toEqual(timelineOf(observations, policy))
    }),
    { numRuns },
  )
})

test('folding again from the restart point is the same as folding everything', () => {
  fc.assert(
    fc.property(someLooks, someLooks, somePolicy, someInstant, (early, late, policy, now) => {
      if (late.length === 0) return
      const stored = timelineOf(early, policy, now)
      const from = restartPoint(stored, Math.min(...late.map((observation) => observation.at)))
      const runs = runsOf([...early, ...late], policy).filter((run) => run.firstAt >= from)
      const known = stored.slice(
        Math.max(
          0,
          stored.findLastIndex((interval) => interval.from < from),
        ),
      )
      const { replace, intervals, corrected } = amend({ intervals: known, runs, policy, now })

      const kept = replace ? stored.filter((i) => i.from < replace.from || i.from >= replace.to) : stored
      const all = timelineOf([...early, ...late], policy, now)
      expect([...kept, ...intervals].sort((a, b) => a.from - b.from)).toEqual(all)

      const changed = everySecond(now).filter((at) => stateIn(stored, at) !== stateIn(all, at))
      if (changed.length === 0) return
      expect(corrected?.from).toBe(changed[0])
      expect(corrected?.to).toBe(changed.at(-1)! + 1_000)
    }),
    { numRuns },
  )
})

test('the timeline agrees, second by second, with an oracle that knows no intervals', () => {
  fc.assert(
    fc.property(someLooks, somePolicy, someInstant, (observations, policy, now) => {
      const intervals = timelineOf(observations, policy, now)
      const stateAt = oracle(observations, policy)
      const wrong = everySecond(Math.max(now, ...observations.map((observation) => observation.at))).filter(
        (at) => stateIn(intervals, at) !== stateAt(at),
      )
      expect(wrong).toEqual([])
    }),
    { numRuns },
  )
})

test('intervals follow one another without a gap, and neighbours differ', () => {
  fc.assert(
    fc.property(someLooks, somePolicy, (observations, policy) => {
      const intervals = fold(runsOf(observations, policy), policy).intervals
      intervals.forEach((interval, i) => {
        const next = intervals[i + 1]
        expect(interval.to).toBe(next?.from ?? null)
        if (next) expect(next.from).toBeGreaterThan(interval.from)
        if (next) expect(next.state).not.toBe(interval.state)
      })
    }),
    { numRuns },
  )
})

const everySecond = (until: number) => Array.from({ length: (until - begin) / 1_000 }, (_, i) => begin + i * 1_000)

const stateIn = (intervals: ReturnType<typeof timelineOf>, at: number) =>
  intervals.find(({ from, to }) => from <= at && (to === null || at < to))?.state ?? 'unknown'
