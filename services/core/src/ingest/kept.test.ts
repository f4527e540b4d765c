import { expect, test } from 'vitest'
import { dateStart } from '../common/time/city.ts'
import { dayMs } from '../common/time/units.ts'
import { digestsKeptFrom, monthLocks, rawKeptFrom, settledUntil } from './kept.ts'

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

const locked = (month: string, date: string) => new Map([[month, dateStart(date)]])

test('a month that is locked is settled from then on, before or after the given days', () => {
  const locks = locked('2026-11', '2026-12-04')
  expect(settledUntil(policy, dateStart('2026-12-05'), locks)).toBe(dateStart('2026-12-01'))
  expect(settledUntil(policy, dateStart('2026-12-05'))).toBe(november)
  const [early, late] = [locks, locked('2026-11', '2026-12-30')]
  // 45 days from the lock.
  expect(rawKeptFrom(policy, dateStart('2027-01-18') - 1, early)).toBe(november)
  expect(rawKeptFrom(policy, dateStart('2027-01-18'), early)).toBe(dateStart('2026-12-01'))
  expect(rawKeptFrom(policy, dateStart('2027-02-13') - 1, late)).toBe(november)
  expect(rawKeptFrom(policy, dateStart('2027-02-13'), late)).toBe(dateStart('2026-12-01'))
})

test('a lock that comes when the observations have gone brings none back', () => {
  const now = dateStart('2027-01-28')
  expect(rawKeptFrom(policy, now, locked('2026-11', '2027-01-27'))).toBe(dateStart('2026-12-01'))
})

test('digests stay until the month is locked and its observations have gone, and for 120 days where nobody locks it', () => {
  const hour = 3_600_000
  const locks = locked('2026-11', '2026-12-10')
  for (const before of ['2026-08', '2026-09', '2026-10']) locks.set(before, dateStart('2026-11-05'))
  expect(digestsKeptFrom(policy, dateStart('2027-01-24') - 1, locks)).toBe(november - hour)
  expect(digestsKeptFrom(policy, dateStart('2027-01-24'), locks)).toBe(dateStart('2026-12-01') - hour)
  locks.delete('2026-11')
  expect(digestsKeptFrom(policy, dateStart('2027-03-31') - 1, locks)).toBe(november - hour)
  expect(digestsKeptFrom(policy, dateStart('2027-03-31'), locks)).toBe(dateStart('2026-12-01') - hour)
})

test('a month is locked with the last of its carriers, by their first versions; without carriers by its districts', () => {
  const card = (kind: string, subject: string, sealedAt: number | null) => ({
    month: '2026-11',
    kind,
    subject,
    sealedAt,
  })
  const lockOf = (...cards: Parameters<typeof monthLocks>[0]) => monthLocks(cards).get('2026-11')
  expect(lockOf(card('carrier', 'a', 5), card('carrier', 'b', 7), card('district', 'd', null))).toBe(7)
  expect(lockOf(card('carrier', 'a', 5), card('carrier', 'a', 90), card('carrier', 'a', null))).toBe(5)
  expect(lockOf(card('carrier', 'a', 5), card('carrier', 'b', null), card('district', 'd', 3))).toBeUndefined()
  expect(lockOf(card('district', 'd', 3))).toBe(3)
})
