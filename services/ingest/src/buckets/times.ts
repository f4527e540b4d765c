/** Uptime buckets of one device: its intervals, with what adjustments say on top, cut into five minutes, hours and days. */
import { accountEach, type Span } from '@hub/core'
import { type AdjustmentIndex, bucketStart, type Step, stepMs, type UptimeBucket } from '@hub/platform'
import type { Listed } from '../directory.ts'
import type { Store } from '../store.ts'

export const steps = Object.keys(stepMs) as Step[]

export type TimeDeps = { store: Pick<Store, 'intervalsIn'>; adjustments: Pick<AdjustmentIndex, 'claims'> }

/**
 * Every bucket that the stretch touches, of each step that is asked for from the time on that goes with it.
 * @param end the time up to which all is accounted: running hours and days are cut there
 * @param withdraw also gives buckets of no due time, which withdraw what was written of them
 */
export function bucketsOf(
  id: string,
  device: Listed,
  stretch: Span,
  end: number,
  from: Readonly<Record<Step, number>>,
  { store, adjustments }: TimeDeps,
  withdraw: boolean,
): Record<Step, UptimeBucket[]> {
  const { district, application, carrier, inServiceFrom, inServiceTo } = device
  const service = { from: inServiceFrom ?? Number.MAX_SAFE_INTEGER, to: inServiceTo ?? Number.MAX_SAFE_INTEGER }
  const until = Math.min(stretch.to, end)
  const cuts = steps.map((step) =>
    periodsOf(step, { from: Math.max(stretch.from, from[step]), to: until }, end, service),
  )
  const whole = around(cuts.flatMap(({ periods }) => periods))
  const intervals = whole.from < whole.to ? store.intervalsIn(id, whole.from, whole.to) : []
  const claims = whole.from < whole.to ? adjustments.claims({ ...device, id }, whole) : []
  const result: Record<Step, UptimeBucket[]> = { '5m': [], '1h': [], '1d': [] }
  for (const { step, starts, periods } of cuts)
    for (const [i, { up, down, unknown, exempt }] of accountEach(intervals, periods, claims).entries()) {
      if (!withdraw && up + down + unknown + exempt === 0) continue
      const time = { upMs: up, downMs: down, unknownMs: unknown, exemptMs: exempt }
      result[step].push({ device: id, district, application, carrier, at: starts[i]!, ...time })
    }
  return result
}

/** The due part of each bucket that the stretch touches; empty ones stand at their start. */
function periodsOf(step: Step, stretch: Span, end: number, service: Span) {
  const starts: number[] = []
  const periods: Span[] = []
  if (stretch.from < stretch.to)
    for (let at = bucketStart(step, stretch.from); at < stretch.to; at += stepMs[step]) {
      const from = Math.max(at, service.from)
      const to = Math.min(at + stepMs[step], end, service.to)
      starts.push(at)
      periods.push(from < to ? { from, to } : { from: at, to: at })
    }
  return { step, starts, periods }
}

const around = (periods: readonly Span[]): Span =>
  periods.reduce(
    (all, { from, to }) => (from < to ? { from: Math.min(all.from, from), to: Math.max(all.to, to) } : all),
    { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY },
  )
