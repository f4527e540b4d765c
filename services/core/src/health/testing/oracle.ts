/** The state at one instant, from all looks, by looking around: no intervals, no runs, no machine. */
import type { DeviceState } from '@hub/contracts'
import type { HealthPolicy, Look } from '../types.ts'

const says = (look: Look): DeviceState =>
  look.verdict === 'pass' ? 'up' : look.verdict === 'fail' ? 'down' : look.verdict === 'blind' ? 'unknown' : 'degraded'

/** Blind < pass < degraded < fail; the tests' looks of one verdict and instant differ in nothing that makes a state but `every`. */
const worse = (a: Look, b: Look): number => {
  const order = ['unknown', 'up', 'degraded', 'down']
  return (
    order.indexOf(says(b)) - order.indexOf(says(a)) ||
    (b.reason ?? '').localeCompare(a.reason ?? '') ||
    a.every - b.every
  )
}

/** The one look that counts at each instant, in event order. */
const counted = (looks: readonly Look[]): Look[] =>
  [...new Set(looks.map((look) => look.at))]
    .sort((a, b) => a - b)
    .map((at) => looks.filter((look) => look.at === at).sort(worse)[0]!)

export function oracle(looks: readonly Look[], policy: HealthPolicy): (at: number) => DeviceState {
  const all = counted(looks)
  const staleAt = (look: Look) => look.at + policy.staleAfter * look.every
  /** Whether looks i and i + 1 are in a row: no silence between them. */
  const inARow = (i: number) => all[i] !== undefined && all[i + 1] !== undefined && all[i + 1]!.at <= staleAt(all[i]!)
  const alike = (i: number) => inARow(i) && says(all[i]!) === says(all[i + 1]!)
  const confirmed = (i: number): boolean => {
    let count = 1
    for (let left = i - 1; alike(left); left--) count++
    for (let right = i; alike(right); right++) count++
    return count >= policy.confirm[says(all[i]!)]
  }
  const stateAfter = (last: number): DeviceState => {
    for (let i = last; i >= 0; i--) {
      if (i < last && !inARow(i)) return 'unknown'
      if (confirmed(i)) return says(all[i]!)
    }
    return 'unknown'
  }
  /** By look: whoever asks of every second asks the same of many. */
  const states: DeviceState[] = []
  return (at) => {
    const last = all.findLastIndex((look) => look.at <= at)
    if (last < 0 || at >= staleAt(all[last]!)) return 'unknown'
    states[last] ??= stateAfter(last)
    return states[last]
  }
}
