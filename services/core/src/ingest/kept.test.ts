import { expect, test } from 'vitest'
import { dateStart } from '../common/time/city.ts'
import { dayMs } from '../common/time/units.ts'
import { rawKeptFrom, settledUntil } from './kept.ts'

const policy = { settleDays: 10, disputeDays: 45 }
const november = dateStart('2026-11-01')

test.each([
  ['the last day on which November may be disputed', dateStart('2027-01-25') - 1, november],
  ['the day after', dateStart('2027-01-25'), dateStart('2026-12-01')],
  ['within November', dateStart('2026-11-20'), dateStart('2026-09-01')],
])('observations of a month are kept until its dispute period is over: %s', (_, now, from) => {
  expect(rawKeptFrom(policy, now)).toBe(from)
})

test('a number of days that is given holds instead', () => {
  const now = dateStart('2026-11-20')
  expect(rawKeptFrom({ ...policy, rawDays: 7 }, now)).toBe(now - 7 * dayMs)
})

test('a month is settled the given days after its end', () => {
  expect(settledUntil(policy, dateStart('2026-12-11') - 1)).toBe(november)
  expect(settledUntil(policy, dateStart('2026-12-11'))).toBe(dateStart('2026-12-01'))
})
