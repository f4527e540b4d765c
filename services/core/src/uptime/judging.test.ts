import type { JudgingRules, JudgingVersion } from '@hub/contracts'
import { expect, test } from 'vitest'
import { changedRules, judgingWords, versionsIn } from './judging.ts'

const rules = (down: number, target = 0.96) =>
  ({ health: { confirm: { up: 1, degraded: 2, down, unknown: 1 }, staleAfter: 3 }, target }) as JudgingRules
const versions: JudgingVersion[] = [
  { from: 0, rules: rules(3) },
  { from: 100, rules: rules(4) },
  { from: 200, rules: rules(5) },
]

test.each([
  ['before the first change', { from: 10, to: 100 }, [0]],
  ['over one', { from: 10, to: 101 }, [0, 100]],
  ['from one on', { from: 100, to: 150 }, [100]],
  ['of no time, as it is at a month that has just begun', { from: 200, to: 200 }, [200]],
  ['over all', { from: 0, to: 999 }, [0, 100, 200]],
])('the versions of a period %s', (_, period, from) => {
  expect(versionsIn(versions, period).map((version) => version.from)).toEqual(from)
})

test('what a version changed is named field by field', () => {
  expect(changedRules(rules(3), rules(5, 0.97))).toEqual([
    { field: 'health.confirm.down', was: 3, now: 5 },
    { field: 'target', was: 0.96, now: 0.97 },
  ])
  expect(changedRules(rules(3), rules(3))).toEqual([])
})

test('a version is said in one sentence, with its target cut', () => {
  const { confirm, staleAfter } = rules(3).health
  const words = judgingWords({ from: 0, confirm, staleAfter, probeEverySeconds: 30, target: 0.95996 })
  expect(words.zh).toBe(
    '自始：连续 1 次判在线、2 次判带病在线、3 次判离线、1 次判未知；3 个周期无结果判未知；周期 30 秒；目标 95.99 %。',
  )
})
