/** Failures with the cause that explains them. */
import type { Cause, CauseEvidence } from '@hub/contracts'
import type { NodeId, Topology } from './topology.ts'
import type { CorrelationPolicy, Episode } from './types.ts'

export type Explanation = { cause: Cause; evidence: CauseEvidence; episodes: Episode[] }

export type CoverContext = {
  topology: Topology
  policy: CorrelationPolicy
  now: number
  /** Whether a device was down already (or not due) at that time: it says nothing about a cause. */
  wasOut(device: string, at: number): boolean
}

export function byItself(e: Episode): Explanation {
  return {
    cause: { kind: 'device', key: e.device, mode: 'together' },
    evidence: { down: 1, of: 1, withinMs: 0, rejected: [] },
    episodes: [e],
  }
}

export function evidenceOf(
  episodes: readonly Episode[],
  of: number,
  rejected: CauseEvidence['rejected'],
): CauseEvidence {
  const starts = episodes.map((e) => e.from)
  const down = new Set(episodes.map((e) => e.device)).size
  const first = starts.reduce((a, b) => Math.min(a, b))
  const last = starts.reduce((a, b) => Math.max(a, b))
  return { down, of: Math.max(of, down), withinMs: last - first, rejected }
}

const none: readonly NodeId[] = []
export const nodesOf = (e: Episode, topology: Topology): readonly NodeId[] => topology.nodes.get(e.device) ?? none
