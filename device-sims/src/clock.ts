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
  let time = start
  let order = 0
  const waiting = new Set<{ at: number; order: number; run: () => void }>()
  return {
    now: () => time,
    after(ms, run) {
      const entry = { at: time + ms, order: order++, run }
      waiting.add(entry)
      return () => waiting.delete(entry)
    },
    moveTo(at) {
      for (;;) {
        const due = [...waiting].filter((w) => w.at <= at).sort((a, b) => a.at - b.at || a.order - b.order)[0]
        if (!due) break
        waiting.delete(due)
        time = due.at
        due.run()
      }
      time = at
    },
  }
}
