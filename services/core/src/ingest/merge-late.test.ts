import { expect, test } from 'vitest'
import { mergeRuns, splits } from './merge-late.ts'
import { heldPeriod } from './runs.ts'
import { type Evidence, defaultHealthPolicy as policy } from './types.ts'

const none = new Map<number, Evidence[]>()
const pass = (k: number, every = 30_000): Evidence => ({
  at: 1_000_000 + k * 30_000,
  verdict: 'pass',
  rung: 'decodes',
  every,
})
const fail = (k: number): Evidence => ({ ...pass(k), verdict: 'fail', rung: 'reachable', reason: 'timeout' })
const passes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => pass(from + i))
const shape = (observations: readonly Evidence[]) =>
  mergeRuns([], observations, none, policy).map((r) => `${r.verdict} ×${r.count}`)

test('observations that agree are one run', () => {
  const [run, ...rest] = mergeRuns([], passes(0, 8), none, policy)
  expect(rest).toEqual([])
  expect(run).toEqual({
    verdict: 'pass',
    rung: 'decodes',
    reason: undefined,
    firstAt: pass(0).at,
    lastAt: pass(7).at,
    freshUntil: pass(10).at,
    count: 8,
    heads: passes(0, 5).map((observation) => observation.at),
  })
})

test.each([
  ['another verdict', [pass(0), fail(1), pass(2)], ['pass ×1', 'fail ×1', 'pass ×1']],
  ['another reason', [fail(0), { ...fail(1), reason: 'refused' as const }], ['fail ×1', 'fail ×1']],
  ['another cadence', [pass(0), pass(1, 10_000)], ['pass ×1', 'pass ×1']],
  ['a silence', [pass(0), pass(4)], ['pass ×1', 'pass ×1']],
])('%s begins another run', (_, observations, runs) => {
  expect(shape(observations)).toEqual(runs)
})

test('observations that say each the very millisecond of the next one are one run, held by the round period', () => {
  const jittered = passes(0, 8).map((one, k) => ({ ...one, every: 29_990 - 17 * k }))
  const [run, ...rest] = mergeRuns([], jittered, none, policy)
  expect(rest).toEqual([])
  expect(run!.freshUntil - run!.lastAt).toBe(90_000)
  expect(mergeRuns([], jittered, none, { ...policy, periodTolerance: 0 })).toHaveLength(8)
})

test.each([
  [29_786, 0.1, 30_000],
  [30_000, 0.1, 30_000],
  [30_001, 0.1, 31_000],
  [1_000, 0.1, 1_000],
  [100, 0.1, 100],
  [333, 0.1, 340],
  [29_786, 0, 29_786],
  [86_399_999, 0.5, 90_000_000],
])('a period of %i ms is held, within %d, to be %i', (every, tolerance, held) => {
  expect(heldPeriod(every, tolerance)).toBe(held)
})

test('an observation that comes just when the one before goes stale goes on with the run', () => {
  expect(shape([pass(0), pass(3)])).toEqual(['pass ×2'])
})

test('a late observation that agrees needs no raw observations', () => {
  const runs = mergeRuns([], [...passes(0, 6), ...passes(7, 10)], none, policy)
  expect(splits(runs, [pass(6)], policy)).toEqual([])
  expect(mergeRuns(runs, [pass(6)], none, policy)).toEqual(mergeRuns([], passes(0, 10), none, policy))
})

test('a late observation that fills a silence joins two runs', () => {
  const runs = mergeRuns([], [...passes(0, 6), ...passes(10, 16)], none, policy)
  expect(runs).toHaveLength(2)
  expect(mergeRuns(runs, [pass(7), pass(8)], none, policy)).toMatchObject([{ count: 14, lastAt: pass(15).at }])
})

test('a late observation that disagrees splits a long run, and asks for its raw observations', () => {
  const runs = mergeRuns([], [...passes(0, 6), ...passes(7, 10)], none, policy)
  expect(splits(runs, [fail(6)], policy)).toEqual(runs)
  expect(() => mergeRuns(runs, [fail(6)], none, policy)).toThrow(
    `run of ${pass(0).at} is split at ${pass(6).at}: expand it`,
  )
  const expanded = new Map([[pass(0).at, [...passes(0, 6), ...passes(7, 10)]]])
  expect(mergeRuns(runs, [fail(6)], expanded, policy)).toMatchObject([{ count: 6 }, { verdict: 'fail' }, { count: 3 }])
})

test('a short run remembers its observations and can be split without them', () => {
  const runs = mergeRuns([], passes(0, 4), none, policy)
  expect(splits(runs, [fail(1)], policy)).toEqual([])
  expect(mergeRuns(runs, [fail(1)], none, policy)).toMatchObject([{ count: 1 }, { verdict: 'fail' }, { count: 2 }])
})

test('an observation that is merged twice is counted once while it matters', () => {
  const runs = mergeRuns([], passes(0, 4), none, policy)
  expect(mergeRuns(runs, passes(0, 4), none, policy)).toEqual(runs)
})

test('in a long run that still holds for the observations it remembers, and for the last', () => {
  const runs = mergeRuns([], passes(0, 9), none, policy)
  expect(mergeRuns(runs, [...passes(0, 5), pass(8)], none, policy)).toEqual(runs)
})
