/** Where simulators take time from: the system's clock, or one that a test or a scenario moves. */
export type Clock = {
  /** UTC milliseconds. */
  now(): number
  /** Calls `run` once, `ms` from now; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}

/** setTimeout fires at once for anything longer than this. */
const longest = 2_147_483_647

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, longest))
    return () => clearTimeout(timer)
  },
}

export type ManualClock = Clock & {
  /** Runs everything that falls due, in order of time, then stands at `at`. */
  moveTo(at: number): void
}

export function manualClock(start: number): ManualClock {
  type Entry = { at: number; run: (() => void) | undefined }
  let time = start
  /** In order of time; of equal times, in order of arrival. */
  const waiting: Entry[] = []
  const placeAfter = (at: number): number => {
    let [low, high] = [0, waiting.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (waiting[middle]!.at <= at) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    now: () => time,
    after(ms, run) {
      const entry: Entry = { at: time + ms, run }
      waiting.splice(placeAfter(entry.at), 0, entry)
      return () => {
        entry.run = undefined
      }
    },
    moveTo(at) {
      while (waiting.length > 0 && waiting[0]!.at <= at) {
        const { at: due, run } = waiting.shift()!
        if (!run) continue
        time = due
        run()
      }
      time = at
    },
  }
}
