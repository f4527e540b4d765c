/**
 * The live states of all devices, as the stream reports them. The table is mutated in place (20,000 entries, up to four
 * deltas a second); whoever watches it is notified.
 */
import type { DeviceId, DeviceState, StreamEvent } from '@hub/contracts'

type Data<K extends StreamEvent['event']> = Extract<StreamEvent, { event: K }>['data']
export type LiveState = { state: DeviceState; since: number | null }
export type LiveTable = { seq: number; asOf: number | null; states: Map<DeviceId, LiveState> }

export const emptyTable = (): LiveTable => ({ seq: 0, asOf: null, states: new Map() })

/** Everything anew: a device that the snapshot leaves out is gone. */
export function applySnapshot(table: LiveTable, { seq, asOf, ids, states, since }: Data<'snapshot'>): void {
  table.seq = seq
  table.asOf = asOf
  table.states.clear()
  for (const [n, id] of ids.entries()) table.states.set(id, { state: states[n] ?? 'unknown', since: since[n] ?? null })
}

/** A delta that is older than the table (a resync overtook it) changes nothing. Returns whether anything changed. */
export function applyDelta(table: LiveTable, { seq, asOf, changes }: Data<'delta'>): boolean {
  if (seq <= table.seq) return false
  table.seq = seq
  table.asOf = asOf
  for (const [id, state, since] of changes) table.states.set(id, { state, since })
  return changes.length > 0
}

/** Changes that people care about, as the overview's feed counts them: to a problem, and back from it. */
export const isNews = ({ from, to }: { from: DeviceState; to: DeviceState }): boolean =>
  to === 'down' || to === 'degraded' || (to === 'up' && from !== 'unknown')

/** Newest first; the same change that came twice (by the overview's feed and by the stream) is kept once. */
export function mergeFeed<T extends { device: DeviceId; at: number; to: DeviceState }>(
  newer: readonly T[],
  older: readonly T[],
  limit: number,
): T[] {
  const seen = new Set<string>()
  return [...newer, ...older]
    .sort((a, b) => b.at - a.at)
    .filter(({ device, at, to }) => {
      const key = `${device} ${at} ${to}`
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
    .slice(0, limit)
}
