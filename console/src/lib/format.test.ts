import { describe, expect, test } from 'vitest'
import {
  dash,
  formatDuration,
  formatOffset,
  formatPoints,
  formatRate,
  formatShare,
  formatSpan,
  formatTime,
  formatValue,
} from './format.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('rates', () => {
  test.each([
    [0.9637, '96.37 %'],
    [1, '100.00 %'],
    [0, '0.00 %'],
    // A rate is cut: what is just below the target must not be read as the target.
    [0.959999, '95.99 %'],
    [19_274 / 20_000, '96.37 %'],
    [719 / 720, '99.86 %'],
  ])('%d is written %s', (rate, text) => expect(plain(formatRate(rate))).toBe(text))

  test('what is not known is a dash, never 0', () => {
    expect(formatRate(null)).toBe(dash)
    expect([formatPoints(null, 1), formatPoints(1, null)]).toEqual([dash, dash])
    expect(formatTime(null, 0)).toBe(dash)
  })

  test.each([
    [0.9558, 0.96, '−0.42 pt'],
    [0.961, 0.96, '+0.10 pt'],
    // 95.99 % and 96.00 %: a hundredth apart, as they are printed.
    [0.96001, 0.95999, '+0.01 pt'],
    [0.95996, 0.95991, '0.00 pt'],
  ])('%d after %d is %s', (now, before, text) => expect(plain(formatPoints(now, before))).toBe(text))

  test('shares have one decimal', () => expect(plain(formatShare(0.0128))).toBe('1.2 %'))
})

describe('durations', () => {
  test.each([
    [-5, '0 秒', '0 s'],
    [42_900, '42 秒', '42 s'],
    [38 * 60_000, '38 分', '38 min'],
    [3 * 3_600_000 + 12 * 60_000, '3 小时 12 分', '3 h 12 min'],
    [3 * 3_600_000, '3 小时', '3 h'],
    [51 * 3_600_000, '2 天 3 小时', '2 d 3 h'],
    [48 * 3_600_000, '2 天', '2 d'],
  ])('%d ms', (ms, zh, en) => {
    expect(formatDuration(ms, 'zh')).toBe(zh)
    expect(formatDuration(ms, 'en')).toBe(en)
  })
})

describe('times are of Asia/Shanghai', () => {
  const now = at('2026-11-21T14:30:00')
  test.each([
    ['2026-11-21T00:00:00', '00:00'],
    ['2026-11-20T23:59:59', '11-20 23:59'],
    ['2025-12-31T08:05:00', '2025-12-31 08:05'],
  ])('%s is written %s', (then, text) => expect(formatTime(at(then), now)).toBe(text))

  test('midnight is 00, not 24', () => expect(formatTime(at('2026-11-21T00:00:07'), now, 'seconds')).toBe('00:00:07'))

  test('a span says its day once', () => {
    expect(formatSpan(at('2026-11-21T14:02:11'), at('2026-11-21T14:02:19'), now)).toBe('14:02:11–14:02:19')
    expect(formatSpan(at('2026-11-20T14:02:11'), at('2026-11-20T14:02:19'), now)).toBe('11-20 14:02:11–14:02:19')
    expect(formatSpan(at('2026-11-20T23:59:50'), at('2026-11-21T00:00:10'), now)).toBe('11-20 23:59:50–00:00:10')
    expect(formatSpan(now, now, now)).toBe('14:30:00')
  })
})

test.each([
  [-4_200.4, '−4,200 ms'],
  [12, '+12 ms'],
  [0.2, '0 ms'],
])('an offset of %d is written %s', (ms, text) => expect(plain(formatOffset(ms))).toBe(text))

test.each([
  [31.599999999999998, '31.6'],
  [-0.126, '−0.13'],
  [228, '228'],
])('a measured %d is written %s', (value, text) => expect(formatValue(value)).toBe(text))
