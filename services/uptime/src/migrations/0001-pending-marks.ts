/**
 * When a stretch was marked, first and last, and how often: buckets are derived over several transactions, so that a stretch that is marked
 * again meanwhile must be seen, and one that is marked all the time is left alone for a while.
 *
 * The triggers of base 0006 stay: they stand on `device`, a table of the registry, and write `uptime_dirty` and `uptime_moved` in the
 * transaction of whoever changes a device. That is the one exception to "a table has one writer": no message could keep the figures right
 * from that commit on.
 */
export const pendingMarks = `
ALTER TABLE uptime_dirty ADD COLUMN first_marked_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uptime_dirty ADD COLUMN last_marked_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uptime_dirty ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;
`
