/** Failures with the cause that explains them. */
import type { Cause, CauseEvidence } from '@hub/contracts'
import type { NodeId, Topology } from './topology.ts'
import type { CorrelationPolicy, Episode } from './types.ts'

export type Explanation = { cause: Cause; evidence: CauseEvidence; episodes: Episode[] }

export type CoverContext = {
  topology: Topology
  policy: CorrelationPolicy
  now: number
  /** Since when a device is out; undefined when it is not. Of what nothing is known: ever, for it is evidence of nothing. */
  outSince(device: string): number | undefined
  /** All that may still move, whether it is explained now or not. */
  young: readonly Episode[]
  /** Devices that are out. */
  out: number
  /** It has failed before, of late. */
  isRepeated(device: string): boolean
  /** Failures by themselves, per device and millisecond. */
  rate: number
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
  const devices = new Set<string>()
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { device, from } of episodes) {
    devices.add(device)
    if (from < first) first = from
    if (from > last) last = from
  }
  return { down: devices.size, of: Math.max(of, devices.size), withinMs: last - first, rejected }
}

const none: readonly NodeId[] = []
export const nodesOf = (e: Episode, topology: Topology): readonly NodeId[] => topology.nodes.get(e.device) ?? none
