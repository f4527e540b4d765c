import { expect, test } from 'vitest'
import { formatAmount, formatHours } from './amounts.ts'

const hour = 3_600_000

test.each([
  [0, '0'],
  [60_000, '< 0.1'],
  [1.25 * hour, '1.3'],
  [9.96 * hour, '10.0'],
  [14_122_031.4 * hour, '14,122,031'],
])('%d ms are %s hours', (ms, text) => expect(formatHours(ms)).toBe(text))

test('time over devices is in device-hours, all else is counted', () => {
  expect(formatAmount(36 * hour, 'ms', 'zh')).toBe('36 台·时')
  expect(formatAmount(20_000, 'devices', 'zh')).toBe('20,000 台')
  expect(formatAmount(43_118, 'probes', 'en')).toBe('43,118 checks')
})
