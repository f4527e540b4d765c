/** The state at one instant, from all observations, by looking around: no intervals, no runs, no machine. */
import type { DeviceState } from '@hub/contracts'
import type { Evidence, HealthPolicy } from '../types.ts'

const says = (observation: Evidence): DeviceState =>
  observation.verdict === 'pass'
    ? 'up'
    : observation.verdict === 'fail'
      ? 'down'
      : observation.verdict === 'blind'
        ? 'unknown'
        : 'degraded'

/** Blind < no data < pass < degraded < fail; the tests' observations of one verdict and instant differ in nothing that makes a state but `every`. */
const worse = (a: Evidence, b: Evidence): number => {
  const order = ['unknown', 'no-data', 'up', 'degraded', 'down']
  const place = (one: Evidence) => order.indexOf(one.reason === 'no-data' ? 'no-data' : says(one))
  return place(b) - place(a) || (b.reason ?? '').localeCompare(a.reason ?? '') || a.every - b.every
}

/** The one observation that counts at each instant, in event order. */
const counted = (observations: readonly Evidence[]): Evidence[] =>
  [...new Set(observations.map((observation) => observation.at))]
    .sort((a, b) => a - b)
    .map((at) => observations.filter((observation) => observation.at === at).sort(worse)[0]!)

export function oracle(observations: readonly Evidence[], policy: HealthPolicy): (at: number) => DeviceState {
  const all = counted(observations)
  const heldAt = (at: number, last = policy): HealthPolicy =>
    last.before && at < last.before.until ? heldAt(at, last.before.policy) : last
  /** Up to a round number: as many digits stay as the tolerance leaves. */
  const held = (every: number, { periodTolerance }: HealthPolicy) => {
    const zeros = Math.max(0, String(Math.floor(periodTolerance * every)).length - 1)
    return Math.ceil(every / 10 ** zeros) * 10 ** zeros
  }
  const staleAt = ({ at, every }: Evidence) => at + heldAt(at).staleAfter * held(every, heldAt(at))
  /** Whether observations i and i + 1 are in a row: no silence between them. */
  const inARow = (i: number) => all[i] !== undefined && all[i + 1] !== undefined && all[i + 1]!.at <= staleAt(all[i]!)
  const alike = (i: number) => inARow(i) && says(all[i]!) === says(all[i + 1]!)
  const confirmed = (i: number): boolean => {
    let first = i
    while (alike(first - 1)) first--
    for (let last = first; ; last++) {
      if (last - first + 1 >= heldAt(all[last]!.at).confirm[says(all[i]!)]) return true
      if (!alike(last)) return false
    }
  }
  const stateAfter = (last: number): DeviceState => {
    for (let i = last; i >= 0; i--) {
      if (i < last && !inARow(i)) return 'unknown'
      if (confirmed(i)) return says(all[i]!)
    }
    return 'unknown'
  }
  /** By observation: whoever asks of every second asks the same of many. */
  const states: DeviceState[] = []
  return (at) => {
    const last = all.findLastIndex((observation) => observation.at <= at)
    if (last < 0 || at >= staleAt(all[last]!)) return 'unknown'
    states[last] ??= stateAfter(last)
    return states[last]
  }
}
