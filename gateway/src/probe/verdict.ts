/** From what each rung said to one verdict. Pure. The lowest rung that fails is the one reported. */
import type { Reason, Rung, Verdict } from '@hub/contracts'

/** What the health probe said: a fault, or an answer. */
export type HealthRung =
  | { fault: { rung: Rung; reason: Reason } }
  | { ms: number /** Null when the camera does not tell the time without a login. */; clockOffsetMs: number | null }

/** A rung with a slower period: what it said last holds until it is asked again. */
export type SlowRung = { rung: Rung; said: 'nothing' | 'pass' | Reason }

export type VerdictPolicy = {
  /** An answer that takes longer is degraded, milliseconds. */
  slowMs: number
  /** A clock that is further off is degraded, milliseconds: evidence with a wrong time is none. */
  clockMs: number
}

export type Judged = { verdict: Verdict; rung: Rung; reason?: Reason }

export function judgeProbe(health: HealthRung, slow: readonly SlowRung[], policy: VerdictPolicy): Judged {
  if ('fault' in health) {
    const { rung, reason } = health.fault
    return { verdict: reason === 'gateway-network' ? 'blind' : 'fail', rung, reason }
  }
  for (const { rung, said } of slow)
    if (said !== 'nothing' && said !== 'pass') return { verdict: 'degraded', rung, reason: said }
  if (Math.abs(health.clockOffsetMs ?? 0) > policy.clockMs)
    return { verdict: 'degraded', rung: 'answers', reason: 'clock' }
  if (health.ms > policy.slowMs) return { verdict: 'degraded', rung: 'answers', reason: 'slow' }
  return { verdict: 'pass', rung: slow.findLast(({ said }) => said === 'pass')?.rung ?? 'answers' }
}
