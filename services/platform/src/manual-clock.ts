/** A clock that stands still until it is moved: for tests, replay and time acceleration. */
import type { Clock } from './clock.ts'

export interface ManualClock extends Clock {
  /** Goes forward and runs every timer that falls due, in order of time, each at its own instant. */
  advance(ms: number): void
  /** The same, and lets promises settle after each timer, so that a timer set by an async callback also runs. */
  advanceAsync(ms: number): Promise<void>
  /** Goes forward as a machine that was suspended: every timer that fell due meanwhile runs once, now, as those of Node do. */
  jump(ms: number): void
}

type Timer = { at: number; run: () => void; every?: number }

export function createManualClock(start = 1_800_000_000_000): ManualClock {
  let now = start
  const timers = new Set<Timer>()
  const add = (timer: Timer) => {
    timers.add(timer)
    return () => void timers.delete(timer)
  }
  /** Runs the earliest timer due by `until`; false when there is none. Equal times run in the order they were set. */
  const step = (until: number): boolean => {
    let next: Timer | undefined
    for (const timer of timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer
    if (!next) return false
    now = Math.max(now, next.at)
    timers.delete(next)
    if (next.every !== undefined) {
      next.at += next.every
      timers.add(next)
    }
    next.run()
    return true
  }
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    now: () => now,
    after: (ms, run) => add({ at: now + Math.max(0, ms), run }),
    every: (ms, run) => add({ at: now + Math.max(1, ms), run, every: Math.max(1, ms) }),
    advance(ms) {
      const until = now + ms
      while (step(until));
      now = until
    },
    async advanceAsync(ms) {
      const until = now + ms
      await settle()
      while (step(until)) await settle()
      now = until
    },
    jump(ms) {
      now += ms
      for (const timer of [...timers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)) {
        // One that ran before it may have cancelled it.
        if (!timers.delete(timer)) continue
        if (timer.every !== undefined) {
          timer.at = now + timer.every
          timers.add(timer)
        }
        timer.run()
      }
    },
  }
}
