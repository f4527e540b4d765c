/** A change of state as the correlation hears of it. */
import type { DeviceState, Rule } from '@hub/contracts'
import type { FailureSign, Judgement, OutageEvent } from '@hub/core'

export type PresentState = { device: string; state: DeviceState; since: number; rule: Rule }

/** Degraded is online. Null for a device that was never seen: that is no failure. */
export function eventOf({ device, state, since, rule }: PresentState, judgement: Judgement): OutageEvent | null {
  if (rule.id === 'never-seen') return null
  const to = state === 'degraded' ? 'up' : state
  return { device, to, at: since, sign: signOf(state, rule), ...judgement }
}

/** No answer at all is the path's failure; a wrong answer is the device's own. */
function signOf(state: DeviceState, { id, rung, reason }: Rule): FailureSign {
  if (state === 'unknown') return id === 'stale' || reason !== 'gateway-network' ? 'silent' : 'blind'
  return rung === undefined || rung === 'reachable' || rung === 'answers' || rung === 'fresh' ? 'path' : 'device'
}
