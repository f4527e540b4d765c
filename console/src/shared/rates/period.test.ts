import { describe, expect, test } from 'vitest'
import { elapsed, formatPeriod, type Period, parsePeriod, previousOf, shifted, spanOf, stepOf } from './period.ts'
import { periodWords } from './period-words.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)
/** Half past one at night in Hengyang: still the day before in UTC. */
const now = at('2026-11-22T01:30:45')

describe('a period in the city’s calendar', () => {
  test.each<[Period, string, string]>([
    ['24h', '2026-11-21T02:00', '2026-11-22T02:00'],
    ['7d', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['30d', '2026-10-24T00:00', '2026-11-23T00:00'],
    ['month', '2026-11-01T00:00', '2026-12-01T00:00'],
    ['last-month', '2026-10-01T00:00', '2026-11-01T00:00'],
    ['year', '2026-01-01T00:00', '2027-01-01T00:00'],
    [{ first: '2026-02-28', last: '2026-03-01' }, '2026-02-28T00:00', '2026-03-02T00:00'],
  ])('%j', (period, from, to) => {
    expect(spanOf(period, now)).toEqual({ from: at(from), to: at(to) })
  })

  test('January looks back over the new year', () => {
    const january = at('2027-01-01T00:10')
    expect(spanOf('last-month', january)).toEqual({ from: at('2026-12-01T00:00'), to: at('2027-01-01T00:00') })
    expect(spanOf('year', january).from).toBe(at('2027-01-01T00:00'))
  })

  test('a running period is compared with as long a stretch before it', () => {
    const passed = elapsed(spanOf('month', now), now)
    expect(passed).toEqual({ from: at('2026-11-01T00:00'), to: at('2026-11-22T01:30') })
    expect(previousOf(passed)).toEqual({ from: at('2026-10-10T22:30'), to: at('2026-11-01T00:00') })
    const whole = spanOf('last-month', now)
    expect(elapsed(whole, now)).toEqual(whole)
    expect(elapsed({ from: now + 1, to: now + 9 }, now)).toEqual({ from: now + 1, to: now + 1 })
  })

  test('a trend has hours for days, days for a year, months beyond', () => {
    expect([
      stepOf(spanOf('24h', now)),
      stepOf(spanOf('30d', now)),
      stepOf(spanOf('year', now)),
      stepOf(spanOf({ first: '2024-01-01', last: '2026-01-01' }, now)),
    ]).toEqual(['hour', 'day', 'day', 'month'])
  })
})

describe('a period as text', () => {
  test.each(['24h', 'last-month', '2026-11-05', '2026-11-01..2026-11-15', '2024-02-29'])('%s', (text) =>
    expect(formatPeriod(parsePeriod(text) ?? '24h')).toBe(text),
  )

  test.each([
    '',
    'week',
    '2026-02-29',
    '2026-13-01',
    '2026-11-15..2026-11-01',
    '2026-11-01..',
    '2026-11-01..2026-11-02..2026-11-03',
    '2020-01-01..2026-01-01',
  ])('“%s” is none', (text) => expect(parsePeriod(text)).toBeNull())
})

test.each<[Period, string, string]>([
  ['month', '2026-10-01..2026-10-31', '2026-12-01..2026-12-31'],
  [{ first: '2026-02-01', last: '2026-02-28' }, '2026-01-01..2026-01-31', '2026-03-01..2026-03-31'],
  ['year', '2025-01-01..2025-12-31', '2027-01-01..2027-12-31'],
  ['7d', '2026-11-09..2026-11-15', '2026-11-23..2026-11-29'],
  [{ first: '2026-11-05', last: '2026-11-05' }, '2026-11-04', '2026-11-06'],
])('before and after %j', (period, earlier, later) =>
  expect([shifted(period, -1, now), shifted(period, 1, now)].map(formatPeriod)).toEqual([earlier, later]),
)

test.each<[Period, string, string]>([
  ['30d', '2026年10月24日至11月22日', '24 Oct – 22 Nov 2026'],
  [{ first: '2025-12-30', last: '2026-01-02' }, '2025年12月30日至2026年1月2日', '30 Dec 2025 – 2 Jan 2026'],
  [{ first: '2026-11-05', last: '2026-11-05' }, '2026年11月5日 周四', '5 Nov 2026 Thu'],
  ['24h', '11月21日 02:00 – 11月22日 02:00', '21 Nov 02:00 – 22 Nov 02:00'],
])('%j in words', (period, zh, en) => {
  const span = spanOf(period, now)
  expect([periodWords(span, 'zh'), periodWords(span, 'en')]).toEqual([zh, en])
})
