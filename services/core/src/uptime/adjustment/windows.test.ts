import type { Recurrence } from '@hub/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hourMs, minuteMs } from '../../common/time/units.ts'
import { windowsOf } from './windows.ts'

/** In the city's time. */
const at = (text: string) => Date.parse(`${text.replace(' ', 'T')}:00+08:00`)
const inCity = (instant: number) => new Date(instant + 8 * hourMs).toISOString().slice(5, 16).replace('T', ' ')
const windows = (recurrence: Recurrence | undefined, from: string, to: string, within = [from, to]) =>
  windowsOf(
    { from: at(from), to: at(to), ...(recurrence && { recurrence }) },
    { from: at(within[0]!), to: at(within[1]!) },
  ).map((w) => `${inCity(w.from)} – ${inCity(w.to)}`)

test('without recurrence the period is the window, cut to what is asked for', () => {
  expect(windows(undefined, '2026-03-01 00:00', '2026-03-05 00:00')).toEqual(['03-01 00:00 – 03-05 00:00'])
  expect(windows(undefined, '2026-03-01 00:00', '2026-03-05 00:00', ['2026-03-04 06:00', '2026-04-01 00:00'])).toEqual([
    '03-04 06:00 – 03-05 00:00',
  ])
  expect(windows(undefined, '2026-03-01 00:00', '2026-03-05 00:00', ['2026-03-05 00:00', '2026-03-06 00:00'])).toEqual(
    [],
  )
})

test('every day', () => {
  expect(windows({ start: '02:30', minutes: 90 }, '2026-02-27 00:00', '2026-03-02 00:00')).toEqual([
    '02-27 02:30 – 02-27 04:00',
    '02-28 02:30 – 02-28 04:00',
    '03-01 02:30 – 03-01 04:00',
  ])
})

test('on weekdays: 2026-03-02 is a Monday, 03-08 a Sunday', () => {
  expect(windows({ weekdays: [1, 7], start: '08:00', minutes: 60 }, '2026-03-02 00:00', '2026-03-10 00:00')).toEqual([
    '03-02 08:00 – 03-02 09:00',
    '03-08 08:00 – 03-08 09:00',
    '03-09 08:00 – 03-09 09:00',
  ])
})

test('days that a month lacks are skipped', () => {
  expect(
    windows({ monthDays: [1, 29, 31], start: '00:00', minutes: 1 }, '2027-01-02 00:00', '2027-04-30 00:00'),
  ).toEqual([
    '01-29 00:00 – 01-29 00:01',
    '01-31 00:00 – 01-31 00:01',
    '02-01 00:00 – 02-01 00:01',
    '03-01 00:00 – 03-01 00:01',
    '03-29 00:00 – 03-29 00:01',
    '03-31 00:00 – 03-31 00:01',
    '04-01 00:00 – 04-01 00:01',
    '04-29 00:00 – 04-29 00:01',
  ])
})

test('a window lasts past midnight, belongs to the day on which it starts, and is cut at both ends of the period', () => {
  const sundayNight: Recurrence = { weekdays: [7], start: '23:00', minutes: 120 }
  expect(windows(sundayNight, '2026-03-01 23:30', '2026-03-16 00:00')).toEqual([
    '03-01 23:30 – 03-02 01:00',
    '03-08 23:00 – 03-09 01:00',
    '03-15 23:00 – 03-16 00:00',
  ])
  expect(windows(sundayNight, '2026-03-02 00:00', '2026-03-03 00:00')).toEqual(['03-02 00:00 – 03-02 01:00'])
})

test('a window of a whole day leaves nothing out', () => {
  expect(windows({ start: '12:00', minutes: 1_440 }, '2026-03-01 00:00', '2026-03-02 13:00')).toEqual([
    '03-01 00:00 – 03-01 12:00',
    '03-01 12:00 – 03-02 12:00',
    '03-02 12:00 – 03-02 13:00',
  ])
})

const someRecurrence: fc.Arbitrary<Recurrence> = fc
  .record({
    on: fc.oneof(
      fc.constant({}),
      fc.record({ weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }) }),
      fc.record({ monthDays: fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1 }) }),
    ),
    start: fc.integer({ min: 0, max: 95 }).map((n) => n * 15),
    minutes: fc.integer({ min: 1, max: 96 }).map((n) => n * 15),
  })
  .map(({ on, start, minutes }) => ({ ...on, start: new Date(start * minuteMs).toISOString().slice(11, 16), minutes }))

/** Whether an instant is in a window, by the time-zone table and by asking every quarter of an hour before it whether one starts there. */
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  weekday: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})
const week = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const read = new Map<number, Record<string, string>>()
function partsOf(instant: number): Record<string, string> {
  const known = read.get(instant)
  if (known) return known
  const parts = Object.fromEntries(clock.formatToParts(instant).map((p) => [p.type, p.value]))
  read.set(instant, parts)
  return parts
}
const isOpen = (r: Recurrence, instant: number): boolean => {
  for (let start = instant; start > instant - r.minutes * minuteMs; start -= 15 * minuteMs) {
    const { weekday, day, hour, minute: past } = partsOf(start)
    if (`${hour}:${past}` !== r.start) continue
    if (r.weekdays && !r.weekdays.includes(week.indexOf(weekday!) + 1)) continue
    if (r.monthDays && !r.monthDays.includes(Number(day))) continue
    return true
  }
  return false
}

test('agrees, every quarter of an hour, with looking back for a start', () => {
  const begin = at('2026-02-25 00:00')
  const someSpan = fc
    .tuple(fc.integer({ min: 0, max: 960 }), fc.integer({ min: 0, max: 480 }))
    .map(([from, length]) => ({ from: begin + from * 15 * minuteMs, to: begin + (from + length) * 15 * minuteMs }))
  fc.assert(
    fc.property(someRecurrence, someSpan, someSpan, (recurrence, period, within) => {
      const spans = windowsOf({ ...period, recurrence }, within)
      spans.forEach((s, i) => {
        expect(s.from).toBeLessThan(s.to)
        if (i > 0) expect(spans[i - 1]!.to).toBeLessThanOrEqual(s.from)
      })
      const [from, to] = [Math.max(period.from, within.from), Math.min(period.to, within.to)]
      const open: number[] = []
      for (let t = from; t < to; t += 15 * minuteMs) if (isOpen(recurrence, t)) open.push(t)
      expect(
        spans.flatMap((s) =>
          Array.from({ length: (s.to - s.from) / (15 * minuteMs) }, (_, i) => s.from + i * 15 * minuteMs),
        ),
      ).toEqual(open)
    }),
    { numRuns: 500 },
  )
})
