/** Rules have a time from which they hold: what was observed is judged by those of its own time, however late it comes. */
import { deviceStates } from '@hub/contracts'
import type { HealthPolicy } from './types.ts'

export type HealthRules = Omit<HealthPolicy, 'before'>

/** The policy that held at an instant. */
export function policyAt(policy: HealthPolicy, at: number): HealthPolicy {
  let held = policy
  while (held.before !== undefined && at < held.before.until) held = held.before.policy
  return held
}

/** Whether two instants are judged by one version. */
export const isOneVersion = (policy: HealthPolicy, a: number, b: number): boolean =>
  policy.before === undefined || policyAt(policy, a) === policyAt(policy, b)

/** The policy in force with all that held before it. @param versions ascending; the first holds for all time before it, too */
export function datedPolicy(versions: readonly { from: number; rules: HealthRules }[]): HealthPolicy | undefined {
  let policy: HealthPolicy | undefined
  for (const { from, rules } of versions) {
    if (policy && isAlike(policy, rules)) continue
    const { confirm, staleAfter, periodTolerance } = rules
    policy = { confirm, staleAfter, periodTolerance, ...(policy && { before: { until: from, policy } }) }
  }
  return policy
}

const isAlike = (a: HealthRules, b: HealthRules): boolean =>
  a.staleAfter === b.staleAfter &&
  a.periodTolerance === b.periodTolerance &&
  deviceStates.every((state) => a.confirm[state] === b.confirm[state])
