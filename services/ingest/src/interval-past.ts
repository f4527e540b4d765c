/** Keeps what an interval was until it is changed. Before the change, in its transaction; of two in one instant the first counts. */
import type { DatabaseSync } from 'node:sqlite'
import type { Interval } from '@hub/contracts'

export function intervalPast(sqlite: DatabaseSync) {
  const never = Number.MAX_SAFE_INTEGER
  const replaced = sqlite.prepare(
    `INSERT INTO interval_past
     SELECT device, from_at, ?5, CASE WHEN state = ?4 THEN min(coalesce(to_at, ${never}), coalesce(?3, ${never})) ELSE from_at END, to_at, state
     FROM interval WHERE device = ?1 AND from_at = ?2 AND (to_at, state) IS NOT (?3, ?4)
     UNION ALL SELECT ?1, ?2, ?5, ?2, NULL, NULL WHERE NOT EXISTS (SELECT 1 FROM interval WHERE device = ?1 AND from_at = ?2)
     ON CONFLICT DO NOTHING`,
  )
  const dropped = sqlite.prepare(
    `INSERT INTO interval_past SELECT device, from_at, ?4, from_at, to_at, state FROM interval
     WHERE device = ?1 AND from_at >= ?2 AND from_at < ?3 ON CONFLICT DO NOTHING`,
  )
  const since = sqlite.prepare(
    'INSERT INTO interval_past_kept SELECT ? WHERE NOT EXISTS (SELECT 1 FROM interval_past_kept)',
  )
  const keptFrom = sqlite.prepare('UPDATE interval_past_kept SET since = ?1 WHERE since < ?1')
  const trim = sqlite.prepare(
    `DELETE FROM interval_past WHERE (device, from_at, until_at) IN
     (SELECT device, from_at, until_at FROM interval_past WHERE until_at < ? ORDER BY until_at LIMIT ?)`,
  )
  return {
    replaced: (device: string, { from, to, state }: Interval, now: number) =>
      void replaced.run(device, from, to, state, now),
    dropped: (device: string, from: number, to: number, now: number) => void dropped.run(device, from, to, now),
    /** To be called before anything is changed: what was changed before the first call is not known. */
    keptSince: (now: number) => void since.run(now),
    /** How things were known before then is not told any more; the rows go little by little. */
    trim(before: number, limit: number) {
      keptFrom.run(before)
      trim.run(before, limit)
    },
  }
}
