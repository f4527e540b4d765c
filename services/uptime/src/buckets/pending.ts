/** Devices whose written buckets no longer hold: which stretch, and how far buckets are written. On disk in the transaction that made them so. */
import type { DatabaseSync } from 'node:sqlite'
import type { Span } from '@hub/core'
import { settingsOf } from '@hub/platform'

/** A spool that drains adds to the stretches of its devices with each commit: so a stretch is derived when it has been left alone for so long, … */
const calmMs = 30_000
/** … or has waited for so long. */
const patienceMs = 900_000

/** Settings of uptime that say how far buckets are. */
export const bucketKeys = { written: 'buckets:written', frontier: 'buckets:frontier', formerly: 'buckets:dirty:' }

export type PendingBucket = Span & { device: string; marks: number }
export type PendingBuckets = ReturnType<typeof pendingBuckets>

/** Everything inside a transaction, but for what only reads. */
export function pendingBuckets(sqlite: DatabaseSync) {
  const settings = settingsOf(sqlite, 'uptime')
  const put = sqlite.prepare(
    `INSERT INTO uptime_dirty (device, consumer, from_at, to_at, first_marked_at, last_marked_at, marks) VALUES (?1, 'buckets', ?2, ?3, ?4, ?4, 1)
     ON CONFLICT (consumer, device) DO UPDATE SET from_at = min(from_at, excluded.from_at), to_at = max(to_at, excluded.to_at),
     first_marked_at = min(first_marked_at, excluded.first_marked_at), last_marked_at = excluded.last_marked_at, marks = marks + 1`,
  )
  const due = sqlite.prepare(
    `SELECT device, from_at AS "from", to_at AS "to", marks FROM uptime_dirty
     WHERE consumer = 'buckets' AND device > ? AND (last_marked_at <= ? OR first_marked_at <= ?) ORDER BY device LIMIT ?`,
  )
  const drop = sqlite.prepare(
    "DELETE FROM uptime_dirty WHERE consumer = 'buckets' AND device = ? AND marks = ? AND from_at = ? AND to_at = ?",
  )
  const count = sqlite.prepare("SELECT count(*) AS n FROM uptime_dirty WHERE consumer = 'buckets'")
  const written = () => Number(settings.get(bucketKeys.written) ?? 0)
  const frontier = () => Math.max(written(), Number(settings.get(bucketKeys.frontier) ?? 0))
  const mark = (device: string, { from, to }: Span, now: number) => {
    const end = frontier()
    if (from < end) put.run(device, from, Math.min(to, end), now)
  }
  return {
    /** All buckets that end by then have been written, but for the pending ones. 0: none yet. */
    written,
    size: () => (count.get() as { n: number }).n,
    /** Buckets that end by then are about to be computed: what changes in them from now on is pending. */
    begin: (end: number) => settings.put(bucketKeys.frontier, String(end)),
    setWritten: (end: number) => settings.put(bucketKeys.written, String(end)),
    /** The device's states in the stretch have changed. */
    mark,
    /** What is to be derived again by now, in the order of the codes after `after` ('' for the first). */
    due: (after: string, now: number, limit: number) =>
      due.all(after, now - calmMs, now - patienceMs, limit) as PendingBucket[],
    /** What was written covers it, unless it was marked again meanwhile. */
    settle: ({ device, marks, from, to }: PendingBucket) => void drop.run(device, marks, from, to),
    /** Stretches as they were kept before they had rows. */
    adoptFormer() {
      for (const { key, value } of settings.under(bucketKeys.formerly)) {
        mark(key.slice(bucketKeys.formerly.length), JSON.parse(value) as Span, 0)
        settings.drop(key)
      }
    },
  }
}
