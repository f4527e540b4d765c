/** The S-curve: how the rollout went, week by week, and how it was planned. */
import type { Progress } from '@hub/contracts'
import { stages } from '@hub/contracts'
import { dayMs } from '../common/time/units.ts'
import type { ProgressDevice } from './progress-device.ts'

/** No curve is longer, whatever year a record names: what is earlier is in its first point. */
const longestPast = 520
const longestFuture = 260

const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs
const dateOf = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10)

/** The date of each stage, in the order of `stages`. */
const dateFields = ['plannedAt', 'installTime', 'acceptedAt', 'inServiceAt', 'retiredAt'] as const

/**
 * A point a week, so that one is today; from the first date that a record names to today, or to the last planned date. What has been
 * reached without a date, or with one to come, is counted today; what is planned without a date, in the last point.
 */
export function curveOf(devices: readonly ProgressDevice[], today: string): Pick<Progress, 'curve' | 'undated'> {
  const now = dayNumber(today)
  const dated = devices.map((device) => datesOf(device, now))
  let [first, last] = [now, now]
  for (const [planned, ...reached] of dated) {
    if (planned != null) last = Math.max(last, planned)
    for (const at of [planned, ...reached]) if (at != null) first = Math.min(first, at)
  }
  const past = Math.min(longestPast, Math.ceil((now - first) / 7))
  const future = Math.min(longestFuture, Math.ceil((last - now) / 7))
  const begin = now - past * 7
  const steps = stages.map(() => new Array<number>(past + future + 1).fill(0))
  for (const dates of dated)
    dates.forEach((at, stage) => {
      const end = stage === 0 ? past + future : past
      if (at !== undefined)
        steps[stage]![at === null ? end : Math.min(end, Math.max(0, Math.ceil((at - begin) / 7)))]!++
    })
  const sums = steps.map(cumulative)
  return {
    curve: sums[0]!.map((planned, i) => {
      const reached = (stage: number) => (i <= past ? sums[stage]![i]! : null)
      return {
        day: dateOf(begin + i * 7),
        planned,
        built: reached(1),
        accepted: reached(2),
        inService: reached(3),
        retired: reached(4),
      }
    }),
    undated: dated.filter((dates) => dates.includes(null)).length,
  }
}

/** For each stage: the dayMs on which it was reached (or is planned), null when no date tells, undefined when it is not reached. */
function datesOf(device: ProgressDevice, now: number): (number | null | undefined)[] {
  const reached = stages.indexOf(device.stage)
  return dateFields.map((field, stage) => {
    if (stage > reached) return undefined
    const at = device[field] === null ? null : dayNumber(device[field])
    return at !== null && stage > 0 && at > now ? null : at
  })
}

function cumulative(steps: readonly number[]): number[] {
  let sum = 0
  return steps.map((step) => {
    sum += step
    return sum
  })
}
