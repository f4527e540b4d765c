/** The live path: one look at a time, in event order, in constant time. */
import { agreesWith, goStale, type Judgement, weigh } from './judge.ts'
import { extendRun, extendsRun, openRun, vouchOf } from './runs.ts'
import type { DeviceHealth, Effect, HealthPolicy, Look, Outcome, Run } from './types.ts'

const nothing: readonly Effect[] = []

/**
 * Whether a look may be given to `observe`. If not, it is late (it is not after the last look, or it shows that evidence
 * held by then to be stale was not): weave it into the runs and `amend`.
 */
export function inOrder(health: DeviceHealth, look: Look): boolean {
  if (health.lastAt === null) return true
  return look.at > health.lastAt && !(health.rule.id === 'stale' && look.at <= health.rule.lastAt!)
}

/**
 * One more look, after all before it (`inOrder`). Throws RangeError when it is late.
 * Effects are one shared empty array when the look only extends `health.run` or a streak.
 */
export function observe(health: DeviceHealth, look: Look, policy: HealthPolicy): Outcome {
  const vouch = vouchOf(look, policy)
  const { run } = health
  if (!inOrder(health, look)) throw new RangeError(`look at ${look.at} is late: weave it`)
  if (run !== null && extendsRun(run, look, look.at, vouch)) {
    const extended = extendRun(run, look.at, vouch)
    if (health.streak === null && agreesWith(health, look.verdict))
      return { health: withRun(health, extended), effects: nothing }
    const effects: Effect[] = []
    const judged = weigh(health, look, [look.at], 1, policy, effects)
    return { health: withRun(judged, extended), effects: effects.length ? effects : nothing }
  }
  const effects: Effect[] = []
  const opened = openRun(look, vouch)
  if (run) effects.push({ kind: 'run', run })
  effects.push({ kind: 'run', run: opened })
  return { health: absorb(health, opened, policy, effects), effects }
}

/**
 * Evidence that is stale by `now` makes the device unknown from the instant it went stale. Nothing is declared stale
 * before `notBefore`: after a start of the centre, gateways get time to deliver what they hold.
 */
export function expire(health: DeviceHealth, now: number, policy: HealthPolicy, notBefore = 0): Outcome {
  if (health.freshUntil === null || now <= health.freshUntil || now < notBefore) return { health, effects: nothing }
  const effects: Effect[] = []
  const judged = goStale(health, health.lastAt!, health.freshUntil, policy, effects)
  return judged === health ? { health, effects: nothing } : { health: { ...health, ...judged }, effects }
}

/** A run that begins after all before it. */
export function absorb(health: DeviceHealth, run: Run, policy: HealthPolicy, effects: Effect[]): DeviceHealth {
  let judged: Judgement = health
  if (health.freshUntil !== null && run.firstAt > health.freshUntil)
    judged = goStale(judged, health.lastAt!, health.freshUntil, policy, effects)
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
