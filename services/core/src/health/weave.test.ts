import { expect, test } from 'vitest'
import { type Look, defaultHealthPolicy as policy } from './types.ts'
import { splits, weave } from './weave.ts'

const none = new Map<number, Look[]>()
const pass = (k: number, every = 30_000): Look => ({
  at: 1_000_000 + k * 30_000,
  verdict: 'pass',
  rung: 'decodes',
  every,
})
const fail = (k: number): Look => ({ ...pass(k), verdict: 'fail', rung: 'reachable', reason: 'timeout' })
const passes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => pass(from + i))
const shape = (looks: readonly Look[]) => weave([], looks, none, policy).map((r) => `${r.verdict} ×${r.count}`)

test('looks that agree are one run', () => {
  const [run, ...rest] = weave([], passes(0, 8), none, policy)
  expect(rest).toEqual([])
  expect(run).toEqual({
    verdict: 'pass',
    rung: 'decodes',
    reason: undefined,
    firstAt: pass(0).at,
    lastAt: pass(7).at,
    freshUntil: pass(10).at,
    count: 8,
    heads: passes(0, 5).map((look) => look.at),
  })
})

test.each([
  ['another verdict', [pass(0), fail(1), pass(2)], ['pass ×1', 'fail ×1', 'pass ×1']],
  ['another reason', [fail(0), { ...fail(1), reason: 'refused' as const }], ['fail ×1', 'fail ×1']],
  ['another cadence', [pass(0), pass(1, 10_000)], ['pass ×1', 'pass ×1']],
  ['a silence', [pass(0), pass(4)], ['pass ×1', 'pass ×1']],
])('%s begins another run', (_, looks, runs) => {
  expect(shape(looks)).toEqual(runs)
})

test('a look that comes just when the one before goes stale goes on with the run', () => {
  expect(shape([pass(0), pass(3)])).toEqual(['pass ×2'])
})

test('a late look that agrees needs no raw looks', () => {
  const runs = weave([], [...passes(0, 6), ...passes(7, 10)], none, policy)
  expect(splits(runs, [pass(6)], policy)).toEqual([])
  expect(weave(runs, [pass(6)], none, policy)).toEqual(weave([], passes(0, 10), none, policy))
})

test('a late look that fills a silence joins two runs', () => {
  const runs = weave([], [...passes(0, 6), ...passes(10, 16)], none, policy)
  expect(runs).toHaveLength(2)
  expect(weave(runs, [pass(7), pass(8)], none, policy)).toMatchObject([{ count: 14, lastAt: pass(15).at }])
})

test('a late look that disagrees splits a long run, and asks for its raw looks', () => {
  const runs = weave([], [...passes(0, 6), ...passes(7, 10)], none, policy)
  expect(splits(runs, [fail(6)], policy)).toEqual(runs)
  expect(() => weave(runs, [fail(6)], none, policy)).toThrow(
    `run of ${pass(0).at} is split at ${pass(6).at}: expand it`,
  )
  const expanded = new Map([[pass(0).at, [...passes(0, 6), ...passes(7, 10)]]])
  expect(weave(runs, [fail(6)], expanded, policy)).toMatchObject([{ count: 6 }, { verdict: 'fail' }, { count: 3 }])
})

test('a short run remembers its looks and can be split without them', () => {
  const runs = weave([], passes(0, 4), none, policy)
  expect(splits(runs, [fail(1)], policy)).toEqual([])
  expect(weave(runs, [fail(1)], none, policy)).toMatchObject([{ count: 1 }, { verdict: 'fail' }, { count: 2 }])
})

test('a look that is woven twice is counted once while it matters', () => {
  const runs = weave([], passes(0, 4), none, policy)
  expect(weave(runs, passes(0, 4), none, policy)).toEqual(runs)
})

test('in a long run that still holds for the looks it remembers, and for the last', () => {
  const runs = weave([], passes(0, 9), none, policy)
  expect(weave(runs, [...passes(0, 5), pass(8)], none, policy)).toEqual(runs)
})
