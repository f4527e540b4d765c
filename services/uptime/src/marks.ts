/** How far the rollups reach. Everything inside a transaction. */
import type { DatabaseSync } from 'node:sqlite'
import { type Clock, type MarkRestated, settingsOf } from '@hub/platform'
import { bucketKeys, pendingBuckets } from './buckets/pending.ts'
import { dirtyQueue } from './pending.ts'

const keys = { frontier: 'frontier', tracked: 'tracked', cursor: 'cursor' }

/**
 * `frontier`: days that end by then are rolled up, but for what the queue names. `tracked`: changes before it go to the queue; it runs
 * ahead of the frontier while a day is being rolled up, device by device up to `cursor`. UTC milliseconds, midnights of the city; 0: none.
 */
export function rollupMarks(sqlite: DatabaseSync) {
  const settings = settingsOf(sqlite, 'uptime')
  return {
    frontier: () => Number(settings.get(keys.frontier) ?? 0),
    tracked: () => Number(settings.get(keys.tracked) ?? 0),
    /** Devices up to this code have been done. */
    cursor: () => settings.get(keys.cursor) ?? '',
    setFrontier: (at: number) => settings.put(keys.frontier, String(at)),
    setTracked: (at: number) => settings.put(keys.tracked, String(at)),
    setCursor: (device: string) => settings.put(keys.cursor, device),
  }
}

/**
 * Whoever changes intervals names the stretch, in that transaction: only what has been rolled up or written, or is being, goes to
 * the queues. Called for every change of state: what is not costs one reading.
 */
export function createMarkRestated(sqlite: DatabaseSync, clock: Pick<Clock, 'now'>): MarkRestated {
  const marks = rollupMarks(sqlite)
  const days = dirtyQueue(sqlite, 'days')
  const buckets = pendingBuckets(sqlite)
  const reach = settingsOf(sqlite, 'uptime').greatestOf([keys.tracked, bucketKeys.written, bucketKeys.frontier])
  return (device, from, to) => {
    if (from >= reach()) return
    if (from < marks.tracked()) days.mark({ device, from, to })
    buckets.mark(device, { from, to }, clock.now())
  }
}
