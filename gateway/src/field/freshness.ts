/**
 * When a sensor's silence counts. Pure: the field broker asks with the time.
 *
 * Data, or the start of listening, opens an interval of `every`: at its end the next data is due. What is due and has not come half an
 * interval later is a missed probe, of the instant at which it was due, so that the silence begins within one interval of its cause. As
 * with a camera that fails, two more probes follow quickly, so that three that agree are reported within two and a half intervals; one lost
 * message still makes no more than two. After that there is one for each interval. A session that is open but says nothing is exactly
 * as silent as none.
 */

/**
 * `since`: last data, or when listening began. `missed`: failed probes already reported since then. `deafMs`: time since then in which the
 * gateway was held up and read nothing, ms: silence is judged by so much later, and told as of when it was.
 */
export type Freshness = { every: number; since: number; missed: number; deafMs: number }

/** Share of an interval that data may be late: jitter of the sensor and of the network. */
const grace = 0.5
/** Reports for one sweep: a sweep comes far more often than this many intervals pass. */
const atOnce = 100
/** When the n-th probe (from 1) was due, in intervals since the last data: 1, 4/3, 5/3, then 2, 3, 4… */
const dueAfter = (n: number): number => Math.max((n + 2) / 3, n - 2)
/** How many were due by then. */
const dueBy = (intervals: number): number => Math.floor(Math.min(3 * intervals - 2, intervals + 2))
/** A sweep this late means that the gateway itself slept, or its clock was set: it was not listening, so nothing was missed. */
const asleepMs = 5_000

export const listening = (every: number, now: number): Freshness => ({ every, since: now, missed: 0, deafMs: 0 })

/** The instants at which data was due and missed, told by `now` and not reported yet; and the state after. */
export function sweep(state: Freshness, now: number): { missedAt: number[]; state: Freshness } {
  const total = dueBy((now - state.since - state.deafMs) / state.every - grace)
  if (total <= state.missed) return { missedAt: [], state }
  const first = Math.max(state.missed + 1, total - atOnce + 1)
  const missedAt = Array.from({ length: total - first + 1 }, (_, i) =>
    Math.round(state.since + dueAfter(first + i) * state.every),
  )
  return { missedAt, state: { ...state, missed: total } }
}

/** The gateway was held up for so long, a little: what was sent meanwhile lies here unread. */
export const deafened = (state: Freshness, ms: number): Freshness => ({ ...state, deafMs: state.deafMs + ms })

/** Whether the gateway was deaf between two sweeps, for so long that sensors may have given up. */
export const slept = (previousSweep: number, now: number): boolean => now - previousSweep > asleepMs
