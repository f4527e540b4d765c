/**
 * Corrections to the rollups. Problem: a change of the past (late data, an approval, a registry entry) is durable before the rollups
 * have followed it. So what is rolled of a device that waits is taken out of the sum, and what is true now is put in. Invariant: the
 * answer is right from the commit of the change on, however long the rollups take.
 */
import type { DatabaseSync } from 'node:sqlite'
import { arrays } from './account-device.ts'
import { dayNumber, startOfDay } from './calendar.ts'
import { attributes, sumColumns, type Values } from './narrowing.ts'
import { bucketAt, keyOf, passes, type Question } from './question.ts'
import { dayReader } from './rolled.ts'

/** Days `[first, last)` that do not hold, and the attributes under which the device is summed when they are not its own. */
type Stale = { first: number; last: number; summedAs: Values | undefined }

/** @param base what the days were added from: the sums hold a device under the attributes of the time of summing */
export function correctStale(question: Question, first: number, last: number, base: 'sums' | 'days'): void {
  const { sqlite, accounts, by, buckets, tally } = question
  const days = dayReader(sqlite)
  for (const [id, stale] of staleDevices(sqlite, first, last, base)) {
    const device = accounts.find(id)
    const was = stale.summedAs ?? device?.values
    const [keyWas, keyIs] = [was && keyOf(by, id, was), device && keyOf(by, id, device.values)]
    const counted = was !== undefined && passes(question, id, was)
    const counts = device !== undefined && passes(question, id, device.values)
    if (!counted && !counts) continue
    const [from, to] = stale.summedAs ? [first, last] : [stale.first, stale.last]
    for (const [day, up, down, unknown, exempt] of days(id, from, to)) {
      const bucket = bucketAt(buckets, startOfDay(day))
      if (counted) tally.add(bucket, keyWas!, -up, -down, -unknown, -exempt)
      const holds = day < stale.first || day >= stale.last
      if (counts && holds) tally.add(bucket, keyIs!, up, down, unknown, exempt)
    }
    if (!counts || stale.first >= stale.last) continue
    const spans = cutBy(buckets, startOfDay(stale.first), startOfDay(stale.last))
    for (const [i, totals] of accounts.totals(device, spans).entries())
      if (totals)
        tally.add(bucketAt(buckets, spans[i]!.from), keyIs!, totals.up, totals.down, totals.unknown, totals.exempt)
  }
}

/** The part of each bucket that lies in `[from, to)`. */
const cutBy = (buckets: Question['buckets'], from: number, to: number) =>
  buckets
    .slice(bucketAt(buckets, from), bucketAt(buckets, to - 1) + 1)
    .map((bucket) => ({ from: Math.max(from, bucket.from), to: Math.min(to, bucket.to) }))

function staleDevices(sqlite: DatabaseSync, first: number, last: number, base: 'sums' | 'days'): Map<string, Stale> {
  const found = new Map<string, Stale>()
  const dirty = arrays(
    sqlite,
    `SELECT device, from_at, to_at FROM uptime_dirty
     WHERE consumer = 'days' AND from_at < ${startOfDay(last)} AND to_at > ${startOfDay(first)}`,
  ).all() as unknown as [string, number, number][]
  for (const [id, from, to] of dirty)
    found.set(id, {
      first: Math.max(first, dayNumber(from)),
      last: Math.min(last, dayNumber(to - 1) + 1),
      summedAs: undefined,
    })
  if (base === 'days') return found
  const columns = attributes.map((attribute) => sumColumns[attribute])
  const moved = arrays(sqlite, `SELECT device, ${columns.join()} FROM uptime_moved`).all() as unknown as string[][]
  for (const [id, ...summedAs] of moved) found.set(id!, { first, last: first, ...found.get(id!), summedAs })
  return found
}
