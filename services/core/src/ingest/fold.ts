/** A timeline from runs. */
import type { Interval } from '@hub/contracts'
import { absorb } from './observe.ts'
import type { DeviceHealth, Effect, HealthPolicy, Run } from './types.ts'
import { neverSeen } from './types.ts'

/**
 * Health and intervals after all runs (ascending). With `start` (health before the first of them) the first interval is
 * the one that is open there. The last interval is open; whether it is stale by now is for `expire` to say.
 */
export function fold(
  runs: readonly Run[],
  policy: HealthPolicy,
  start: DeviceHealth = neverSeen,
): { health: DeviceHealth; intervals: Interval[] } {
  const effects: Effect[] = []
  let health = start
  for (const run of runs) health = absorb(health, run, policy, effects)
  return { health, intervals: applyIntervals(openInterval(start), effects) }
}

/** Intervals after the interval effects, each of which is about the last one or opens the next. */
export function applyIntervals(intervals: readonly Interval[], effects: readonly Effect[]): Interval[] {
  const result = [...intervals]
  for (const effect of effects) {
    if (effect.kind !== 'interval') continue
    if (result.at(-1)?.from === effect.interval.from) result.pop()
    result.push(effect.interval)
  }
  return result
}

const openInterval = ({ since, state, rule }: DeviceHealth): Interval[] =>
  since === null ? [] : [{ from: since, to: null, state, rule }]
