/** What one thing that may have failed would explain, and what there is to gain by naming it. */
import type { Cause, CauseKind } from '@hub/contracts'
import { kindOf, type NodeId, type Topology } from './topology.ts'
import type { CorrelationPolicy, Episode } from './types.ts'

/** What one failure costs when it is explained by itself. */
const alone = 4
/** What a device behind a cause costs that should have failed with it and did not. */
const contradiction = 4
/** What naming a cause costs: the rarer it fails, the more. */
const causeCost: Record<CauseKind, number> = {
  device: 0,
  flapping: 0,
  port: 3,
  pole: 3.5,
  place: 4,
  recorder: 5,
  switch: 5,
  feed: 5.5,
  cohort: 6,
  subnet: 7,
  line: 8,
  gateway: 9,
  district: 10,
  attribute: 9,
  moment: 10,
  other: 10,
}
/** A burst is believed instead of the whole chain when it holds this share of it. */
const burstShare = 0.6
/** One after another is weaker evidence than at once: what each says, what it costs more, and how many it takes. */
const rollingEach = 3
const rollingCost = 3
const rollingLeast = 4
/** What is restarted may be back before a second probe: that it was not seen to fail says less. */
const rollingContradiction = 1.5
/** And it goes through most of what is behind the cause. */
const rollingShare = 0.5

/** What candidates are weighed with. */
export type Scales = {
  topology: Topology
  policy: CorrelationPolicy
  now: number
  /** Devices that are out. */
  out: number
  /** Devices behind the node that were out already before that time. */
  outBefore(node: NodeId, at: number): number
}

export type Candidate = {
  node: NodeId
  mode: Cause['mode']
  episodes: readonly Episode[]
  /** Devices behind the node that could have failed then. */
  of: number
  gain: number
}

/** Wider gain first; of equals the more specific, then by name, so that the same failures have the same explanation. */
export const beats = (a: Candidate, b: Candidate): boolean =>
  a.gain !== b.gain
    ? a.gain > b.gain
    : causeCost[kindOf(a.node)] !== causeCost[kindOf(b.node)]
      ? causeCost[kindOf(a.node)] < causeCost[kindOf(b.node)]
      : a.node < b.node

/** The best that a node can explain of its episodes, given in order of onset: a burst of failures in one round of probes, or a chain of them one after another. */
export function assessNode(node: NodeId, episodes: readonly Episode[], scales: Scales): Candidate | null {
  if (episodes.length < 2) return null
  const { policy } = scales
  let top: Candidate | null = null
  for (const chain of chains(episodes, policy.rollingGapMs)) {
    const burst = burstOf(chain, policy)
    const whole = burst.length >= burstShare * chain.length
    for (const [members, mode] of [
      [burst, 'together'],
      [whole ? [] : chain, 'rolling'],
    ] as const) {
      const candidate = weigh(node, mode, members, scales)
      if (candidate && (!top || candidate.gain > top.gain)) top = candidate
    }
  }
  return top
}

function weigh(
  node: NodeId,
  mode: Cause['mode'],
  episodes: readonly Episode[],
  { topology, policy, now, out, outBefore }: Scales,
): Candidate | null {
  const devices = new Set(episodes.map((e) => e.device)).size
  if (devices < (mode === 'rolling' ? rollingLeast : 2)) return null
  const [first] = episodes
  const behind = topology.behind.get(node)?.size ?? 0
  const [each, cost, against] =
    mode === 'rolling' ? [rollingEach, rollingCost, rollingContradiction] : [alone, 0, contradiction]
  // Of failures at one moment, so many have been looked at and confirmed by now.
  const seen = Math.min(1, Math.max(0.05, (now - first!.from - policy.confirmMs) / policy.everyMs))
  // Not even if all that is out had been out before: then it need not be counted.
  if (each * devices <= against * ((behind - out) * seen - devices)) return null
  const of = Math.max(devices, behind - outBefore(node, first!.from - policy.rollingGapMs))
  if (mode === 'rolling' && devices <= rollingShare * of) return null
  const missing = Math.max(0, of * seen - devices)
  const gain = each * devices - against * missing - cost - causeCost[kindOf(node)]
  return { node, mode, episodes, of, gain }
}

export const byOnset = (a: Episode, b: Episode): number => a.from - b.from || (a.device < b.device ? -1 : 1)

/** @param episodes in order of onset. Parted where the next came later than `gap` after the one before. */
function chains(episodes: readonly Episode[], gap: number): Episode[][] {
  const parts: Episode[][] = []
  for (const e of episodes) {
    const last = parts.at(-1)
    if (last && e.from - last.at(-1)!.from <= gap) last.push(e)
    else parts.push([e])
  }
  return parts
}

/** The most episodes of a chain that began within one round of probes. */
function burstOf(chain: readonly Episode[], { everyMs, confirmMs }: CorrelationPolicy): Episode[] {
  const span = everyMs + confirmMs
  let best: [from: number, to: number] = [0, 0]
  for (let from = 0, to = 0; from < chain.length; from++) {
    while (to < chain.length && chain[to]!.from - chain[from]!.from <= span) to++
    if (to - from > best[1] - best[0]) best = [from, to]
  }
  return chain.slice(...best)
}
