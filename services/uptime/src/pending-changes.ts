/**
 * Corrections to the rollups. Problem: a change of the past (late data, an approval, something else said of it) is durable before the rollups
 * have followed it. So what is rolled of a device that waits is taken out of the sum, and what is true now is put in. Invariant: the
 * answer is right from the commit of the change on, however long the rollups take.
 */
import type { DatabaseSync } from 'node:sqlite'
import { dayNumber, startOfDay } from './calendar.ts'
import { arrays } from './device-time.ts'
import { bucketAt, keyOf, passes, type Question, spansBetween } from './question.ts'
import { summedReader } from './rollup/summed.ts'
import { addTenure } from './unrolled.ts'

/** Days `[first, last)` that do not hold, and since which saying the device is not summed by its tenures. */
type Stale = { id: string; first: number; last: number; movedAt: number | null }

/**
 * @param base what the days were added from: the sums hold a device by its tenures at the time of summing, its days by those of now
 * @param exact devices whose time has not been added from rollups
 */
export function correctStale(
  question: Question,
  { first, last, base, exact }: { first: number; last: number; base: 'sums' | 'days'; exact: ReadonlySet<string> },
): void {
  const { sqlite, accounts, by, buckets, tally } = question
  const summed = summedReader(sqlite)
  for (const { id, movedAt, ...stale } of staleDevices(sqlite, first, last)) {
    if (exact.has(id)) continue
    const tenures = accounts.tenures(id)
    const was = movedAt === null ? tenures : accounts.tenuresBefore(id, movedAt)
    const own = tenures.find(
      ({ since, until }) => since <= startOfDay(first) && (until ?? Infinity) >= startOfDay(last),
    )
    for (const { day, time, parts } of summed(id, stale.first, stale.last, was))
      for (const { values, time: spent } of base === 'sums' ? parts : own ? [{ values: own.values, time }] : []) {
        if (!passes(question, id, values)) continue
        const [up, down, unknown, exempt] = spent
        tally.add(bucketAt(buckets, startOfDay(day)), keyOf(by, id, values), -up, -down, -unknown, -exempt)
      }
    const spans = spansBetween(buckets, startOfDay(stale.first), startOfDay(stale.last))
    for (const tenure of tenures) if (passes(question, id, tenure.values)) addTenure(question, tenure, spans)
  }
}

function staleDevices(sqlite: DatabaseSync, first: number, last: number): Stale[] {
  const rows = arrays(
    sqlite,
    `SELECT dirty.device, from_at, to_at, said_at FROM uptime_dirty dirty LEFT JOIN uptime_moved moved ON moved.device = dirty.device
     WHERE consumer = 'days' AND from_at < ${startOfDay(last)} AND to_at > ${startOfDay(first)}`,
  ).all() as unknown as [string, number, number, number | null][]
  return rows.map(([id, from, to, movedAt]) => ({
    id,
    first: Math.max(first, dayNumber(from)),
    last: Math.min(last, dayNumber(to - 1) + 1),
    movedAt,
  }))
}
