/** The durable queue "derive this again": a stretch for each device and consumer, written in the transaction that made it so. */
import type { DatabaseSync } from 'node:sqlite'
import { type Reach, reachCondition, reachParameters } from './covered.ts'

/** `days`: uptime_day and uptime_sum. `buckets`: five-minute, hourly and daily buckets in the History. */
export const dirtyConsumers = ['days', 'buckets'] as const
export type DirtyConsumer = (typeof dirtyConsumers)[number]

const widen = `ON CONFLICT (consumer, device) DO UPDATE SET
  from_at = min(from_at, excluded.from_at), to_at = max(to_at, excluded.to_at), marks = marks + 1`

/**
 * An adjustment begins or ceases to count: all that is derived of the devices it covers, over its whole period, is to be derived again.
 * Inside a transaction.
 */
export function markAdjusted(sqlite: DatabaseSync, adjustment: Reach): void {
  const parameters = { ...reachParameters(adjustment, 'city'), from: adjustment.from, to: adjustment.to }
  for (const consumer of dirtyConsumers)
    sqlite
      .prepare(
        `INSERT INTO uptime_dirty (device, consumer, from_at, to_at)
         SELECT DISTINCT id, :consumer, :from, :to FROM registry_tenure WHERE ${reachCondition(adjustment.scope.by)} ${widen}`,
      )
      .run({ ...parameters, consumer })
}

export type Dirty = { device: string; from: number; to: number }

/** The queue of one consumer. Everything inside a transaction. */
export function dirtyQueue(sqlite: DatabaseSync, consumer: DirtyConsumer) {
  const put = sqlite.prepare(
    `INSERT INTO uptime_dirty (device, consumer, from_at, to_at) VALUES (?, '${consumer}', ?, ?) ${widen}`,
  )
  const take = sqlite.prepare(
    `SELECT device, from_at AS "from", to_at AS "to" FROM uptime_dirty WHERE consumer = '${consumer}' AND device > ?
     ORDER BY device LIMIT ?`,
  )
  const drop = sqlite.prepare(
    `DELETE FROM uptime_dirty WHERE consumer = '${consumer}' AND device = ? AND from_at = ? AND to_at = ?`,
  )
  const count = sqlite.prepare(`SELECT count(*) AS n FROM uptime_dirty WHERE consumer = '${consumer}'`)
  return {
    mark: ({ device, from, to }: Dirty) => void put.run(device, from, to),
    /** In the order of their codes, those after `after` ('' for the first). */
    peek: (after: string, limit: number) => take.all(after, limit) as Dirty[],
    /** Only as it was read: a stretch that was widened meanwhile stays. */
    settle: ({ device, from, to }: Dirty) => void drop.run(device, from, to),
    size: () => (count.get() as { n: number }).n,
  }
}
