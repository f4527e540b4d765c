/** Devices that come and go: one long trouble, not many short ones. */
import type { CauseEvidence } from '@hub/contracts'
import type { CorrelationPolicy } from './types.ts'

type Policy = Pick<CorrelationPolicy, 'flapCount' | 'flapWindowMs'>

/** @param onsets when it went down, oldest first. */
export function isFlapping(onsets: readonly number[], now: number, { flapCount, flapWindowMs }: Policy): boolean {
  const nth = onsets.at(-flapCount)
  return nth !== undefined && now - nth <= flapWindowMs
}

/** Damped: it is over only after a whole window without going down. */
export const lastsFlapping = (onsets: readonly number[], now: number, { flapWindowMs }: Policy): boolean =>
  onsets.length > 0 && now - onsets.at(-1)! <= flapWindowMs

export const evidenceOfFlapping = (onsets: readonly number[]): CauseEvidence => ({
  down: onsets.length,
  of: onsets.length,
  withinMs: onsets.at(-1)! - onsets[0]!,
  rejected: [],
})
