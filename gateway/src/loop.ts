/**
 * How late this process itself is: a timer that comes late tells that its event loop was held up (by load, or because the process was
 * stopped). What was under way then says nothing by its time: an answer may have lain here unread.
 */
import type { Clock } from '@hub/platform'

export interface LoopWatch {
  /** Whether the loop was late by more than the bound at some time since then, or is now. */
  wasLate(since: number): boolean
  /** The longest that it was late in the last minute, ms; and how often it was by the bound or more since the start. */
  stats(): LoopStats
  stop(): void
}
export type LoopStats = { lateMs: number; lateTimes: number }

/** Of a probe that is allowed a second or more. */
export const lateBoundMs = 500
const beatMs = 100
const keptMs = 60_000
const keptMost = 256

export function createLoopWatch(clock: Clock): LoopWatch {
  let beatAt = clock.now()
  let late: { until: number; ms: number }[] = []
  let lateTimes = 0
  const pending = () => clock.now() - beatAt - beatMs
  const cancel = clock.every(beatMs, () => {
    const ms = pending()
    beatAt = clock.now()
    if (ms < lateBoundMs) return
    late = [...late.slice(1 - keptMost), { until: beatAt, ms }]
    lateTimes++
  })
  return {
    wasLate: (since) => pending() >= lateBoundMs || late.some(({ until }) => until >= since),
    stats() {
      const from = clock.now() - keptMs
      late = late.filter(({ until }) => until >= from)
      return { lateMs: Math.max(0, ...late.map(({ ms }) => ms)), lateTimes }
    },
    stop: cancel,
  }
}
