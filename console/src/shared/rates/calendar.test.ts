import { dayOf } from '@hub/core'
import { describe, expect, test } from 'vitest'
import { calendarSpan, layDays, spanOfDay, stepDay } from './calendar.ts'

const at = (day: string) => Date.parse(`${day}T00:00+08:00`)
const span = (first: string, last: string) => ({ from: at(first), to: at(last) + 86_400_000 })
const day = (text: string, up: number, down: number, unknown = 0, exempt = 0) => ({
  at: at(text),
  up,
  down,
  unknown,
  exempt,
  rate: up + down ? up / (up + down) : null,
})

describe('the calendar', () => {
  test('weeks are columns that begin on Monday', () => {
    // 2026-11-01 was a Sunday.
    const { cells, weeks, months } = layDays([], span('2026-11-01', '2026-11-10'), 0.96)
    expect(cells.map(({ week, weekday }) => `${week}${weekday}`)).toEqual([
      '06',
      '10',
      '11',
      '12',
      '13',
      '14',
      '15',
      '16',
      '20',
      '21',
    ])
    expect([weeks, months]).toEqual([3, [{ month: '2026-11', week: 1 }]])
  })

  test('a leap day has its cell, and a month is named once', () => {
    const { cells, months } = layDays([], span('2024-02-01', '2024-03-31'), 0.96)
    expect(cells.filter(({ day }) => day === '2024-02-29')).toHaveLength(1)
    expect(cells).toHaveLength(60)
    expect(months.map(({ month }) => month)).toEqual(['2024-02', '2024-03'])
  })

  test('a day has the tone of its rate; one without a rate says why', () => {
    const days = [
      day('2026-11-02', 97, 3),
      day('2026-11-03', 95, 5),
      day('2026-11-04', 90, 10),
      day('2026-11-05', 0, 0, 100),
      day('2026-11-06', 0, 0, 10, 90),
      day('2026-11-07', 70, 0, 30),
      day('2026-11-08', 60, 0, 10, 30),
      day('2026-11-09', 0, 0),
    ]
    const { cells } = layDays(days, span('2026-11-02', '2026-11-10'), 0.96)
    expect(cells.map(({ tone, partly }) => (partly ? `${tone}+${partly}` : tone))).toEqual([
      'quiet',
      'amber',
      'red',
      'unknown',
      'exempt',
      'quiet+unknown',
      'quiet+exempt',
      'none',
      'none',
    ])
  })

  test('it shows the last year, or an older period with the year that it ends in', () => {
    const now = at('2026-11-22') + 1
    const shown = (first: string, last: string) => {
      const { from, to } = calendarSpan(span(first, last), now)
      return [dayOf(from), dayOf(to - 1)]
    }
    expect(shown('2026-11-01', '2026-11-30')).toEqual(['2025-11-23', '2026-11-22'])
    expect(shown('2025-11-24', '2025-11-24')).toEqual(['2025-11-23', '2026-11-22'])
    expect(shown('2025-03-01', '2025-03-01')).toEqual(['2025-01-01', '2025-12-31'])
    expect(shown('2022-01-01', '2026-11-30')).toEqual(['2025-11-23', '2026-11-22'])
  })

  test('arrows go by days and weeks and stay inside', () => {
    expect(stepDay('ArrowDown', 3, 10)).toBe(4)
    expect(stepDay('ArrowRight', 2, 10)).toBe(9)
    expect(stepDay('ArrowRight', 3, 10)).toBeNull()
    expect(stepDay('ArrowUp', 0, 10)).toBeNull()
    expect([stepDay('Home', 5, 10), stepDay('End', 5, 10), stepDay('Enter', 5, 10)]).toEqual([0, 9, null])
  })

  test('a day is 24 hours of the city', () =>
    expect(spanOfDay('2026-11-22')).toEqual({ from: Date.UTC(2026, 10, 21, 16), to: Date.UTC(2026, 10, 22, 16) }))
})
