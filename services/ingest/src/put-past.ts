/** Writes how devices were before this hub observed them: the past of a demonstration. Before ingest starts, and once for a device. */
import type { Interval } from '@hub/contracts'
import { neverSeen } from '@hub/core'
import type { Kysely } from 'kysely'
import type { IngestTables } from './tables.ts'

export type DevicePast = {
  device: string
  /** Without a gap, the last one ends at `now`. */
  intervals: readonly Interval[]
}

/** Rows of one statement. */
const atOnce = 1_000

/**
 * The past ends at `now`, as evidence that has gone stale: unknown from there on, as ingest itself would have left it. The first real
 * probe goes on from there. Run it in a transaction. @returns how many intervals were written
 */
export async function putPast(trx: Kysely<IngestTables>, pasts: readonly DevicePast[], now: number): Promise<number> {
  const stale = { id: 'stale' as const, count: 0, needed: 0, firstAt: now, lastAt: now }
  const health = JSON.stringify({ ...neverSeen, since: now, rule: stale, lastAt: now, freshUntil: now })
  const rule = JSON.stringify(stale)
  const intervals = pasts.flatMap(({ device, intervals }) => [
    ...intervals.map(({ from, to, state, rule }) => ({
      device,
      from_at: from,
      to_at: to,
      state,
      rule: JSON.stringify(rule),
    })),
    { device, from_at: now, to_at: null, state: 'unknown', rule },
  ])
  for (let at = 0; at < intervals.length; at += atOnce)
    await trx
      .insertInto('interval')
      .values(intervals.slice(at, at + atOnce))
      .execute()
  const states = pasts.map(({ device }) => ({
    device,
    state: 'unknown',
    since: now,
    rule,
    last_at: now,
    recent: '[]',
    health,
    applied: 0,
  }))
  for (let at = 0; at < states.length; at += atOnce)
    await trx
      .insertInto('device_state')
      .values(states.slice(at, at + atOnce))
      .execute()
  return intervals.length
}
