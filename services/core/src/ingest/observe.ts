/** The live path: one observation at a time, in event order, in constant time. */
import { agreesWith, goStale, type Judgement, weigh } from './judge.ts'
import { extendRun, extendsRun, openRun, validityOf } from './runs.ts'
import type { DeviceHealth, Effect, Evidence, HealthPolicy, Outcome, Run } from './types.ts'

const nothing: readonly Effect[] = []

/**
 * Whether an observation may be given to `observe`. If not, it is late (not after the last observation, or it shows that evidence held to
 * be stale was not): merge it into the runs (`mergeRuns`) and `amend`.
 */
export function inOrder(health: DeviceHealth, observation: Evidence): boolean {
  if (health.lastAt === null) return true
  return observation.at > (health.run ? health.lastAt : health.freshUntil!)
}

/**
 * One more observation, after all before it (`inOrder`). Throws RangeError when it is late.
 * Effects are one shared empty array when the observation only extends `health.run` or a streak.
 */
export function observe(health: DeviceHealth, observation: Evidence, policy: HealthPolicy): Outcome {
  const validity = validityOf(observation, policy)
  const { run } = health
  if (!inOrder(health, observation))
    throw new RangeError(`observation at ${observation.at} is late: merge it into the runs`)
  if (run !== null && extendsRun(run, observation, observation.at, validity, policy)) {
    const extended = extendRun(run, observation.at, validity)
    if (health.streak === null && agreesWith(health, observation.verdict))
      return { health: withRun(health, extended), effects: nothing }
    const effects: Effect[] = []
    const judged = weigh(health, observation, [observation.at], 1, policy, effects)
    return { health: withRun(judged, extended), effects: effects.length > 0 ? effects : nothing }
  }
  const effects: Effect[] = []
  const opened = openRun(observation, validity)
  if (run) effects.push({ kind: 'run', run })
  effects.push({ kind: 'run', run: opened })
  return { health: absorb(health, opened, policy, effects), effects }
}

/**
 * Evidence that is stale by `now` closes the run and makes the device unknown from the instant it went stale. Nothing is
 * declared stale before `notBefore`: after a start of the centre, gateways get time to deliver what they hold. Give as
 * `now` the clock less the time that delivery normally takes, or a short cadence goes stale in transit.
 */
export function expire(health: DeviceHealth, now: number, policy: HealthPolicy, notBefore = 0): Outcome {
  const { run } = health
  if (run === null || now <= run.freshUntil || now < notBefore) return { health, effects: nothing }
  const effects: Effect[] = [{ kind: 'run', run }]
  const judged = goStale(health, run, policy, effects)
  return { health: { ...health, ...judged, run: null }, effects }
}

/** A run that begins after all before it. */
export function absorb(health: DeviceHealth, run: Run, policy: HealthPolicy, effects: Effect[]): DeviceHealth {
  const last = health.run
  const silent = last !== null && run.firstAt > last.freshUntil
  const judged = silent ? goStale(health, last, policy, effects) : health
  return withRun(weigh(judged, run, run.heads, run.count, policy, effects), run)
}

const withRun = (judged: Judgement, run: Run): DeviceHealth => ({
  state: judged.state,
  since: judged.since,
  rule: judged.rule,
  streak: judged.streak,
  run,
  lastAt: run.lastAt,
  freshUntil: run.freshUntil,
})
