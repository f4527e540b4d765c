/** The judgement: what agreeing observations, or the lack of observations, do to a state. Shared by the live path and by folding. */
import type { DeviceState, Rule, Verdict } from '@hub/contracts'
import { policyAt } from './dated.ts'
import type { DeviceHealth, Effect, HealthPolicy, Run, Streak } from './types.ts'

const stateOf: Record<Verdict, DeviceState> = { pass: 'up', degraded: 'degraded', fail: 'down', blind: 'unknown' }

export type Judgement = Pick<DeviceHealth, 'state' | 'since' | 'rule' | 'streak'>

/**
 * Weighs `count` observations of one kind, in a row; `heads` are the times of the first of them. A state is set when enough
 * observations in a row say it, and begins at the first of these; until then the previous state holds. They are under one version of the rules.
 */
export function weigh(
  was: Judgement,
  said: Pick<Run, 'verdict' | 'rung' | 'reason'>,
  heads: readonly number[],
  count: number,
  policy: HealthPolicy,
  effects: Effect[],
): Judgement {
  const state = stateOf[said.verdict]
  if (agrees(was, state)) return was.streak ? { ...was, streak: null } : was
  const before = was.streak?.state === state ? was.streak.count : 0
  const streak: Streak = before
    ? { state, firstAt: was.streak!.firstAt, count: before + count }
    : { state, firstAt: heads[0]!, count }
  const needed = policyAt(policy, heads[0]!).confirm[state]
  if (streak.count < needed) return { ...was, streak }
  const rule: Rule = {
    id: 'confirmed',
    rung: said.rung,
    reason: said.reason,
    count: needed,
    needed,
    firstAt: streak.firstAt,
    // A streak begun under a policy that asked for more may already be long enough: then this observation settles it.
    lastAt: heads[Math.max(0, needed - before - 1)]!,
  }
  return settle(was, state, streak.firstAt, rule, effects)
}

/** Whether an observation of this state leaves the judgement as it is. Before anything was decided, nothing agrees. */
export const agrees = (was: Judgement, state: DeviceState): boolean =>
  was.state === state && was.rule.id !== 'never-seen'

export const agreesWith = (was: Judgement, verdict: Verdict): boolean => agrees(was, stateOf[verdict])

/**
 * Evidence went stale: unknown from that instant. A streak does not outlive it: observations before a silence and observations after
 * it are not "in a row".
 */
export function goStale(
  was: Judgement,
  { lastAt, freshUntil }: Pick<Run, 'lastAt' | 'freshUntil'>,
  policy: HealthPolicy,
  effects: Effect[],
): Judgement {
  if (agrees(was, 'unknown')) return was.streak ? { ...was, streak: null } : was
  const rule: Rule = {
    id: 'stale',
    count: 0,
    needed: policyAt(policy, lastAt).staleAfter,
    firstAt: lastAt,
    lastAt: freshUntil,
  }
  return settle(was, 'unknown', freshUntil, rule, effects)
}

function settle(was: Judgement, state: DeviceState, since: number, rule: Rule, effects: Effect[]): Judgement {
  if (was.since !== null)
    effects.push({ kind: 'interval', interval: { from: was.since, to: since, state: was.state, rule: was.rule } })
  effects.push({ kind: 'interval', interval: { from: since, to: null, state, rule } })
  if (state !== was.state) effects.push({ kind: 'transition', from: was.state, to: state, at: since, rule })
  return { state, since, rule, streak: null }
}
