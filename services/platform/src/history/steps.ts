/** The lengths that buckets come in. Five minutes and hours begin with the hour of UTC, days with the day of the city. */
import { dayMs, dayStart, hourMs, minuteMs } from '@hub/core'

export const stepMs = { '5m': 5 * minuteMs, '1h': hourMs, '1d': dayMs } as const
export type Step = keyof typeof stepMs
/** Quantiles of a day would have to be kept probe by probe: probe figures end at the hour. */
export type ProbeStep = '5m' | '1h'
export const bucketMs = stepMs['5m']

/** When the bucket began that holds `at`. */
export const bucketStart = (step: Step, at: number): number =>
  step === '1d' ? dayStart(at) : Math.floor(at / stepMs[step]) * stepMs[step]

/** The coarsest step whose buckets add up to the steps asked for; five minutes when none does. */
export function coarsest({ from, to, stepMs: asked }: { from: number; to: number; stepMs: number }): Step {
  const fits = (step: Step) =>
    asked % stepMs[step] === 0 && bucketStart(step, from) === from && bucketStart(step, to) === to
  return (['1d', '1h'] as const).find(fits) ?? '5m'
}
