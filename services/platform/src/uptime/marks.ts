/** How far the rollups reach. Everything inside a transaction. */
import type { DatabaseSync } from 'node:sqlite'

const keys = { frontier: 'uptime:frontier', tracked: 'uptime:tracked', cursor: 'uptime:cursor' }

/**
 * `frontier`: days that end by then are rolled up, but for what the queue names. `tracked`: changes before it go to the queue; it runs
 * ahead of the frontier while a day is being rolled up, device by device up to `cursor`. UTC milliseconds, midnights of the city; 0: none.
 */
export function rollupMarks(sqlite: DatabaseSync) {
  const get = sqlite.prepare('SELECT value FROM meta WHERE key = ?')
  const set = sqlite.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const value = (key: string) => (get.get(key) as { value: string } | undefined)?.value
  return {
    frontier: () => Number(value(keys.frontier) ?? 0),
    tracked: () => Number(value(keys.tracked) ?? 0),
    /** Devices up to this code have been done. */
    cursor: () => value(keys.cursor) ?? '',
    setFrontier: (at: number) => void set.run(keys.frontier, String(at)),
    setTracked: (at: number) => void set.run(keys.tracked, String(at)),
    setCursor: (device: string) => void set.run(keys.cursor, device),
  }
}

/** Ingest marks a stretch of a device whose intervals changed: only what has been rolled up, or is being, goes to the queue. */
export function restatedMarker(sqlite: DatabaseSync): (device: string, from: number, to: number) => void {
  const put = sqlite.prepare(
    `INSERT INTO uptime_dirty (device, consumer, from_at, to_at)
     SELECT ?1, 'days', ?2, ?3 WHERE ?2 < (SELECT CAST(value AS INTEGER) FROM meta WHERE key = '${keys.tracked}')
     ON CONFLICT (consumer, device) DO UPDATE SET
     from_at = min(from_at, excluded.from_at), to_at = max(to_at, excluded.to_at)`,
  )
  return (device, from, to) => void put.run(device, from, to)
}
