import { deviceStates, type Rule, reasons, rungs } from '@hub/contracts'
import { expect, test } from 'vitest'
import { ruleSentence } from './rule.ts'

const at = (time: string) => Date.parse(`2026-11-21T${time}+08:00`)
const now = at('14:30:00')
const refused: Rule = {
  id: 'confirmed',
  rung: 'reachable',
  reason: 'refused',
  count: 3,
  needed: 3,
  firstAt: at('14:02:11'),
  lastAt: at('14:02:19'),
}

test('a device is down because probes failed, and the sentence says which and when', () => {
  expect(ruleSentence(refused, 'down', now, 'zh')).toBe(
    '连续 3 次探测在“网络可达”失败：连接被拒绝（需 3 次），14:02:11–14:02:19',
  )
  expect(ruleSentence(refused, 'down', now, 'en')).toBe(
    "3 of 3 probes failed at 'reachable': connection refused, 14:02:11–14:02:19",
  )
})

test('a longer streak is not "5 of 3"', () => {
  expect(ruleSentence({ ...refused, count: 5 }, 'down', now, 'en')).toContain('3 of 3 probes')
  expect(ruleSentence({ ...refused, count: 5 }, 'down', now, 'zh')).toContain('连续 5 次')
})

test('a sensor is down because its data did not come', () => {
  const rule: Rule = { ...refused, rung: 'fresh', reason: 'no-data' }
  expect(ruleSentence(rule, 'down', now, 'zh')).toBe('连续 3 次到期未上报数据（需 3 次），14:02:11–14:02:19')
})

test('stale evidence says the last probe and since when it no longer counts', () => {
  const rule: Rule = { id: 'stale', count: 0, needed: 1, firstAt: at('14:02:11'), lastAt: at('14:03:41') }
  expect(ruleSentence(rule, 'unknown', now, 'zh')).toBe('最后一次探测在 14:02:11，此后再无结果，14:03:41 起按未知计')
})

test('a device that was never seen says so', () => {
  const rule: Rule = { id: 'never-seen', count: 0, needed: 1, firstAt: null, lastAt: null }
  expect(ruleSentence(rule, 'unknown', now, 'en')).toBe('no probe has answered since it was registered')
})

test('no combination leaves a gap in the sentence', () => {
  for (const id of ['confirmed', 'stale', 'never-seen'] as const)
    for (const state of deviceStates)
      for (const rung of [undefined, ...rungs])
        for (const reason of [undefined, ...reasons])
          for (const language of ['zh', 'en'] as const) {
            const rule: Rule = { ...refused, id, ...(rung ? { rung } : {}), ...(reason ? { reason } : {}) }
            expect(ruleSentence(rule, state, now, language)).not.toMatch(/undefined|[{}]/)
          }
})
