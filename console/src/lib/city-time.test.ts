import { expect, test } from 'vitest'
import {
  clockOf,
  instantOf,
  isMidnight,
  isMonth,
  lastMonth,
  monthBefore,
  startOfDay,
  wallOf,
  weekdayOf,
  windowMinutes,
} from './city-time.ts'

test("what is typed is the city's time, wherever the browser stands", () => {
  expect(instantOf('2026-11-21T14:30')).toBe(Date.UTC(2026, 10, 21, 6, 30))
  expect(instantOf('2026-01-01T00:00')).toBe(Date.UTC(2025, 11, 31, 16))
  expect(wallOf(Date.UTC(2025, 11, 31, 16))).toBe('2026-01-01T00:00')
})

test.each(['', '2026-11-21', '2026-02-30T10:00', '2026-11-21T24:30', 'yesterday'])('%j is no time', (text) =>
  expect(instantOf(text)).toBeNull(),
)

test("the last whole month turns at the city's midnight", () => {
  expect(lastMonth(Date.UTC(2025, 11, 31, 15, 59))).toBe('2025-11')
  expect(lastMonth(Date.UTC(2025, 11, 31, 16))).toBe('2025-12')
})

test("a day begins at the city's midnight", () => {
  const midnight = Date.UTC(2026, 10, 21, 16)
  expect(startOfDay('2026-11-22')).toBe(midnight)
  expect(startOfDay('2026-06-31')).toBeUndefined()
  expect([isMidnight(midnight), isMidnight(midnight + 1)]).toEqual([true, false])
  expect([clockOf(midnight), clockOf(midnight - 60_000)]).toEqual(['00:00', '23:59'])
})

test('a week begins on Monday', () => {
  expect(weekdayOf(instantOf('2026-11-23T00:00') ?? 0)).toBe(0)
  expect(weekdayOf(instantOf('2026-11-29T23:59') ?? 0)).toBe(6)
})

test.each([
  ['2026-01', 1, '2025-12'],
  ['2026-03', 15, '2024-12'],
  ['2025-12', -1, '2026-01'],
])('%s, %i months back, is %s', (month, back, before) => expect(monthBefore(month, back)).toBe(before))

test('a month has two digits and a number up to twelve', () => {
  expect(['2026-01', '2026-12'].every(isMonth)).toBe(true)
  expect(['2026-13', '2026-1', '1999-01', ''].some(isMonth)).toBe(false)
})

test.each([
  ['09:00', '17:30', 510],
  ['22:00', '02:00', 240],
  ['00:00', '00:00', 1_440],
  ['9:00', '17:30', null],
])('a window from %s to %s lasts %s minutes', (start, end, minutes) => expect(windowMinutes(start, end)).toBe(minutes))
