import type { Adjustment } from '@hub/contracts'
import { expect, test } from 'vitest'
import { movedTime, periodWords, recurrenceWords, scopeWords } from './sentences.ts'

const district: Adjustment['scope'] = {
  by: 'district',
  values: ['430426', '430424'],
  carriers: ['mobile'],
  kind: 'camera',
}

test('a scope names what it covers and what narrows it', () => {
  expect(scopeWords({ scope: district }, 'zh')).toBe('区县：祁东县、衡东县 · 移动 · 摄像机')
  expect(scopeWords({ scope: district }, 'en')).toBe('District: Qidong, Hengdong · Mobile · Camera')
  expect(scopeWords({ scope: { by: 'pole', values: ['A1', 'A2', 'A3', 'A4', 'A5'] } }, 'zh')).toBe(
    '杆号：A1、A2、A3 +2',
  )
})

test.each<[Adjustment['recurrence'], string | null]>([
  [undefined, null],
  [{ start: '02:00', minutes: 120 }, '每天 02:00–04:00'],
  [{ weekdays: [3, 7], start: '22:00', minutes: 480 }, '每周三、日 22:00–06:00'],
  [{ monthDays: [1, 15], start: '00:00', minutes: 1_440 }, '每月 1、15 日 00:00–24:00'],
])('%j is said %j', (recurrence, words) => expect(recurrenceWords(recurrence ? { recurrence } : {}, 'zh')).toBe(words))

test('a period says its year only when it is another', () => {
  const at = (text: string) => Date.parse(`${text}+08:00`)
  const period = { from: at('2026-11-01T00:00'), to: at('2026-12-01T00:00') }
  expect(periodWords(period, at('2026-11-21T12:00'))).toBe('11-01 00:00 – 12-01 00:00')
  expect(periodWords(period, at('2027-01-21T12:00'))).toBe('2026-11-01 00:00 – 2026-12-01 00:00')
})

test('time moved from one kind is gained by another', () => {
  const before = { up: 10, down: 8, unknown: 2, exempt: 0 }
  expect(movedTime({ before, after: { up: 10, down: 3, unknown: 2, exempt: 5 } })).toEqual([
    { state: 'exempt', ms: 5 },
    { state: 'down', ms: -5 },
  ])
  expect(movedTime({ before, after: before })).toEqual([])
})
