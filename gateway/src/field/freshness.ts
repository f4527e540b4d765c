/**
 * When a sensor's silence counts. Pure: the field broker asks with the time.
 *
 * Data, or the start of listening, opens an interval of `every`. When it and half of another pass without data, that interval is missed;
 * each further `every` is missed again. A session that is open but says nothing is exactly as silent as none.
 */

/** `since`: last data, or when listening began. `missed`: intervals already reported since then. */
export type Freshness = { every: number; since: number; missed: number }

/** Share of an interval that data may be late: jitter of the sensor and of the network. */
const grace = 0.5
/** Reports for one sweep: a sweep comes far more often than this many intervals pass. */
const atOnce = 100
/** A sweep this late means that the gateway itself slept, or its clock was set: it was not listening, so nothing was missed. */
const asleepMs = 5_000

export const listening = (every: number, now: number): Freshness => ({ every, since: now, missed: 0 })

/** The instants at which an interval was missed, by `now`, that were not reported yet; and the state after. */
export function sweep(state: Freshness, now: number): { missedAt: number[]; state: Freshness } {
  const total = Math.floor((now - state.since) / state.every - grace)
  if (total <= state.missed) return { missedAt: [], state }
  const first = Math.max(state.missed + 1, total - atOnce + 1)
  const missedAt = Array.from({ length: total - first + 1 }, (_, i) =>
    Math.round(state.since + (first + i + grace) * state.every),
  )
  return { missedAt, state: { ...state, missed: total } }
}

/** Whether the gateway was deaf between two sweeps. */
export const slept = (previousSweep: number, now: number): boolean => now - previousSweep > asleepMs
