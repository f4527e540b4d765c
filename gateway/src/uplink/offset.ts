/**
 * The centre's time from acknowledgement exchanges, as NTP's clock filter does it (RFC 5905 section 10): the quickest exchange lies least.
 * Exchanges are timed with a monotonic counter, so that correcting the clock does not move the samples. Pure.
 */

/** One exchange. `sentAt` and `receivedAt` are the monotonic counter, `centreAt` the centre's clock; ms. */
export type Exchange = { sentAt: number; centreAt: number; receivedAt: number }
/** `baseMs`: the centre's time when the counter was 0. */
export type OffsetSample = { rttMs: number; baseMs: number; receivedAt: number }

/** The counter drifts from the centre by up to 100 ppm, 30 ms in this time: older samples no longer count. */
const windowMs = 300_000
const windowSize = 32

export const sampleOf = ({ sentAt, centreAt, receivedAt }: Exchange): OffsetSample => ({
  rttMs: receivedAt - sentAt,
  baseMs: centreAt - (sentAt + receivedAt) / 2,
  receivedAt,
})

/** The samples that count, the new one included. */
export const keep = (samples: readonly OffsetSample[], sample: OffsetSample): OffsetSample[] =>
  [...samples, sample].filter((s) => sample.receivedAt - s.receivedAt < windowMs).slice(-windowSize)

/** The sample with the least round trip, the latest of equals; undefined when there is none. */
export function best(samples: readonly OffsetSample[]): OffsetSample | undefined {
  let least: OffsetSample | undefined
  for (const sample of samples) if (!least || sample.rttMs <= least.rttMs) least = sample
  return least
}

/**
 * How far the right time is ahead of `now`, or 0 when that is within what the sample can tell (half its round trip).
 * `counter` and `now` are read together.
 */
export function clockError(sample: OffsetSample, counter: number, now: number): number {
  const error = sample.baseMs + counter - now
  return Math.abs(error) > Math.max(1, sample.rttMs / 2) ? error : 0
}
