/** Keeps the gateway's clock on the centre's time, from the exchanges of the delivery. */
import type { SystemClock } from '@hub/platform'
import { best, clockError, type Exchange, keep, type OffsetSample, sampleOf } from './offset.ts'

export type TimeSource = {
  /** A counter of ms that nothing corrects. */
  monotonic(): number
  /** The machine's own clock, UTC ms. */
  wall(): number
}

export const machineTime: TimeSource = { monotonic: () => performance.now(), wall: () => Date.now() }

export interface Timekeeper {
  take(exchange: Exchange): void
  /** Centre minus the machine's own clock, ms; null before the first exchange. */
  offsetMs(): number | null
}

export function createTimekeeper(clock: Pick<SystemClock, 'now' | 'correct'>, source: TimeSource): Timekeeper {
  let samples: OffsetSample[] = []
  return {
    take(exchange) {
      samples = keep(samples, sampleOf(exchange))
      const sample = best(samples)!
      const error = clockError(sample, source.monotonic(), clock.now())
      if (error !== 0) clock.correct(error)
    },
    offsetMs() {
      const sample = best(samples)
      return sample ? Math.round(sample.baseMs + source.monotonic() - source.wall()) : null
    },
  }
}
