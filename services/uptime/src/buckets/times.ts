/** Uptime buckets of one device: its intervals, with what adjustments say on top, cut into five minutes, hours and days. */
import { accountEach, type Span } from '@hub/core'
import { bucketStart, type Exemptions, type Step, stepMs, type UptimeBucket } from '@hub/platform'
import type { DeviceAccounts, Tenure } from '../device-time.ts'

export const steps = Object.keys(stepMs) as Step[]

export type TimeDeps = { accounts: Pick<DeviceAccounts, 'intervalsIn'>; exemptions: Pick<Exemptions, 'claims'> }

/**
 * Of a device, whatever its attributes were: a bucket in which they changed is one bucket, under those it had first. See `bucketsOf`.
 */
export function bucketsOfDevice(
  tenures: readonly Tenure[],
  ...asked: Parameters<typeof bucketsOf> extends [Tenure, ...infer Rest] ? Rest : never
): Record<Step, UptimeBucket[]> {
  const [stretch, end] = asked
  const touched = tenures.filter(
    ({ since, until }) =>
      since < Math.min(stretch.to, end) && (until ?? Number.POSITIVE_INFINITY) > bucketStart('1d', stretch.from),
  )
  const [first, ...later] = touched.map((tenure) => bucketsOf(tenure, ...asked))
  if (!first) return { '5m': [], '1h': [], '1d': [] }
  for (const more of later) for (const step of steps) first[step] = together(first[step], more[step])
  return first
}

/** Both ascend. */
function together(a: readonly UptimeBucket[], b: readonly UptimeBucket[]): UptimeBucket[] {
  const byStart = new Map(a.map((bucket) => [bucket.at, bucket]))
  for (const bucket of b) {
    const there = byStart.get(bucket.at)
    // An empty one withdraws only what nobody else has.
    if (!there || spent(there) === 0) byStart.set(bucket.at, bucket)
    else if (spent(bucket) > 0)
      byStart.set(bucket.at, {
        ...there,
        upMs: there.upMs + bucket.upMs,
        downMs: there.downMs + bucket.downMs,
        unknownMs: there.unknownMs + bucket.unknownMs,
        exemptMs: there.exemptMs + bucket.exemptMs,
      })
  }
  return [...byStart.values()].sort((one, other) => one.at - other.at)
}

const spent = ({ upMs, downMs, unknownMs, exemptMs }: UptimeBucket): number => upMs + downMs + unknownMs + exemptMs

/**
 * Every bucket that the stretch touches, of each step that is asked for from the time on that goes with it.
 * @param end the time up to which all is accounted: running hours and days are cut there
 * @param withdraw also gives buckets of no due time, which withdraw what was written of them
 */
function bucketsOf(
  device: Tenure,
  stretch: Span,
  end: number,
  from: Readonly<Record<Step, number>>,
  { accounts, exemptions }: TimeDeps,
  withdraw: boolean,
): Record<Step, UptimeBucket[]> {
  const { id, district, application, carrier } = device
  const service = { from: device.from ?? Number.MAX_SAFE_INTEGER, to: device.to ?? Number.MAX_SAFE_INTEGER }
  const until = Math.min(stretch.to, end)
  const cuts = steps.map((step) =>
    periodsOf(step, { from: Math.max(stretch.from, from[step]), to: until }, end, service),
  )
  const whole = around(cuts.flatMap(({ periods }) => periods))
  const intervals = whole.from < whole.to ? accounts.intervalsIn(id, whole) : []
  const claims = whole.from < whole.to ? exemptions.claims(device, whole) : []
  const result: Record<Step, UptimeBucket[]> = { '5m': [], '1h': [], '1d': [] }
  for (const { step, starts, periods } of cuts)
    for (const [i, { up, down, unknown, exempt }] of accountEach(intervals, periods, claims).entries()) {
      if (!withdraw && up + down + unknown + exempt === 0) continue
      result[step].push({
        device: id,
        district,
        application,
        carrier,
        at: starts[i]!,
        upMs: up,
        downMs: down,
        unknownMs: unknown,
        exemptMs: exempt,
      })
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
