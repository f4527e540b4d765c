/** How far the buckets of the history are behind the Record. */
import type { DatabaseSync } from 'node:sqlite'
import type { Span } from '@hub/core'
import { settingsOf } from '@hub/platform'
import { bucketKeys } from './pending.ts'

export type Underway = {
  /** Buckets that end by then are written. */
  written: number
  /** Stretches of which some device's buckets are written again. */
  pending: Span[]
}

/** What touches the period. */
export function bucketsUnderway(sqlite: DatabaseSync, { from, to }: Span): Underway {
  const stretches = sqlite.prepare(
    `SELECT DISTINCT from_at AS "from", to_at AS "to" FROM uptime_dirty WHERE consumer = 'buckets' AND from_at < ? AND to_at > ?`,
  )
  return {
    written: Number(settingsOf(sqlite, 'uptime').get(bucketKeys.written) ?? 0),
    pending: stretches.all(to, from) as Span[],
  }
}
