/** The machine's clock, made monotonic: wall time is read once, at the start, and `performance.now` counts on from there. */
import type { Clock } from './clock.ts'

export interface SystemClock extends Clock {
  /**
   * Takes a measured error: how many milliseconds the right time is ahead of what `now()` says. A clock that is behind
   * steps forward at once; one that is ahead slews, running at half speed until the error is gone, so that it never goes
   * back. A new measurement replaces what is left of the last one.
   */
  correct(errorMs: number): void
}

/** `setTimeout` cannot count further. */
const longestTimer = 2 ** 31 - 1

/**
 * @param options.followWallEveryMs corrects from the machine's wall clock this often. For the centre, whose wall clock is
 *   disciplined by NTP; a gateway is corrected from the centre instead and leaves it out.
 */
export function createSystemClock(options: { followWallEveryMs?: number } = {}): SystemClock {
  const clock = monotonic(Date.now(), () => performance.now())
  const timers = {
    after(ms: number, run: () => void) {
      let timer = setTimeout(fire, Math.min(ms, longestTimer))
      let left = ms - longestTimer
      function fire() {
        if (left <= 0) return run()
        timer = setTimeout(fire, Math.min(left, longestTimer))
        left -= longestTimer
      }
      return () => clearTimeout(timer)
    },
    every(ms: number, run: () => void) {
      const timer = setInterval(run, Math.min(ms, longestTimer))
      return () => clearInterval(timer)
    },
  }
  if (options.followWallEveryMs)
    setInterval(() => clock.correct(Date.now() - clock.now()), options.followWallEveryMs).unref()
  return { ...timers, ...clock }
}

/** The arithmetic alone: `tick` is any counter of milliseconds that never goes back. */
export function monotonic(start: number, tick: () => number): Pick<SystemClock, 'now' | 'correct'> {
  let reading = start
  let readAt = tick()
  let ahead = 0
  const read = () => {
    const at = tick()
    const elapsed = at - readAt
    const absorbed = Math.min(ahead, elapsed / 2)
    readAt = at
    ahead -= absorbed
    reading += elapsed - absorbed
    return reading
  }
  return {
    now: () => Math.floor(read()),
    correct(errorMs) {
      read()
      ahead = Math.max(0, -errorMs)
      reading += Math.max(0, errorMs)
    },
  }
}
