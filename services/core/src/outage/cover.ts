/**
 * The likely causes of a set of failures: the shortest explanation (minimum description length; greedy weighted set cover). Each
 * failure that nothing explains costs something, each cause costs according to how rarely such a thing fails, and each device behind
 * a cause that stayed up speaks against it. So a pole is named before a switch, a switch before a line, unless the evidence is wider.
 */
import type { Cause, CauseEvidence, CauseKind } from '@hub/contracts'
import { byItself, type CoverContext, type Explanation, evidenceOf, nodesOf } from './explanation.ts'
import { joinUnrecorded } from './gaps.ts'
import { keyOf, kindOf, type NodeId, type Topology } from './topology.ts'
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
}
/** Rejected causes that are kept as evidence. */
const rejectedKept = 3
/** A burst is believed instead of the whole chain when it holds this share of it. */
const burstShare = 0.6
/** One after another is weaker evidence than at once: what it costs more, and how many it takes. */
const rollingCost = 3
const rollingLeast = 4
/** What is restarted may be back before a second look: that it was not seen to fail says less. */
const rollingContradiction = 1.5
/** And it goes through most of what is behind the cause. */
const rollingShare = 0.5

type Candidate = {
  node: NodeId
  mode: Cause['mode']
  episodes: Episode[]
  /** Devices behind the node that could have failed then. */
  of: number
  gain: number
}

/** Explains every episode given. Those of one device alone come last, one explanation each. */
export function explain(episodes: readonly Episode[], context: CoverContext): Explanation[] {
  const groups = Map.groupBy(episodes, (e) => e.sign)
  return [
    ...explainSilence([...(groups.get('silent') ?? [])], 'silent', context),
    ...explainSilence([...(groups.get('blind') ?? [])], 'blind', context),
    ...explainFailures([...(groups.get('path') ?? [])], context),
    ...(groups.get('device') ?? []).map(byItself),
  ]
}

/** Devices whose gateway says nothing, or that it cannot see: the gateway is all there is to name. */
function explainSilence(episodes: Episode[], mode: 'silent' | 'blind', { topology }: CoverContext): Explanation[] {
  const gatewayOf = (e: Episode) => nodesOf(e, topology).find((node) => kindOf(node) === 'gateway')
  const byGateway = Map.groupBy(episodes, gatewayOf)
  return [...byGateway].flatMap(([node, members]) => {
    if (node === undefined) return members.map(byItself)
    const of = topology.behind.get(node)?.length ?? members.length
    // One camera that its gateway no longer reports is a matter of that camera.
    if (members.length < 2 && of > 1) return members.map(byItself)
    return [
      { cause: { kind: 'gateway', key: keyOf(node), mode }, evidence: evidenceOf(members, of, []), episodes: members },
    ]
  })
}

function explainFailures(episodes: Episode[], context: CoverContext): Explanation[] {
  const { topology } = context
  const left = new Set(episodes)
  const touched = new Map<NodeId, Episode[]>()
  for (const e of episodes)
    for (const need of topology.needs.get(e.device) ?? []) if (need.length === 1) push(touched, need[0]!, e)

  const best = new Map<NodeId, Candidate | null>()
  const explanations: Explanation[] = []
  const failed = new Map<NodeId, Explanation>()
  const assess = (node: NodeId) =>
    best.set(
      node,
      assessNode(
        node,
        touched.get(node)!.filter((e) => left.has(e)),
        context,
      ),
    )
  for (const node of touched.keys()) assess(node)
  const atFirst = new Map(best)

  for (;;) {
    const top = bestOf(best.values())
    if (!top) break
    const { node, mode, of } = top
    const explanation: Explanation = {
      cause: { kind: kindOf(node), key: keyOf(node), mode },
      evidence: evidenceOf(top.episodes, of, rejected(top, atFirst, topology)),
      episodes: [...top.episodes],
    }
    explanations.push(explanation)
    failed.set(node, explanation)
    const again = new Set<NodeId>()
    for (const e of top.episodes) {
      left.delete(e)
      for (const n of nodesOf(e, topology)) again.add(n)
    }
    for (const n of again) if (touched.has(n)) assess(n)
  }
  joinAlternatives(left, failed, topology)
  return joinUnrecorded([...explanations, ...[...left].map(byItself)], context)
}

function bestOf(candidates: Iterable<Candidate | null>): Candidate | undefined {
  let top: Candidate | undefined
  for (const candidate of candidates)
    if (candidate && candidate.gain > 0 && (!top || beats(candidate, top))) top = candidate
  return top
}

/** What else the devices share of which too many stayed up, the likeliest first. */
function rejected(
  chosen: Candidate,
  candidates: ReadonlyMap<NodeId, Candidate | null>,
  topology: Topology,
): CauseEvidence['rejected'] {
  return nodesOf(chosen.episodes[0]!, topology)
    .flatMap((node) => candidates.get(node) ?? [])
    .filter((c) => c.node !== chosen.node && c.of > c.episodes.length)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, rejectedKept)
    .map(({ node, episodes, of }) => ({ kind: kindOf(node), key: keyOf(node), down: episodes.length, of }))
}

/** Devices with alternatives are symptoms of a cause only when every alternative has failed: then of the one that failed for most. */
function joinAlternatives(left: Set<Episode>, failed: ReadonlyMap<NodeId, Explanation>, topology: Topology): void {
  for (const e of left)
    for (const need of topology.needs.get(e.device) ?? []) {
      if (need.length < 2 || !need.every((node) => failed.has(node))) continue
      const chosen = need.map((node) => failed.get(node)!).sort((a, b) => b.episodes.length - a.episodes.length)[0]!
      chosen.episodes.push(e)
      left.delete(e)
      break
    }
}

/** Wider gain first; of equals the more specific, then by name, so that the same failures have the same explanation. */
const beats = (a: Candidate, b: Candidate): boolean =>
  a.gain !== b.gain
    ? a.gain > b.gain
    : causeCost[kindOf(a.node)] !== causeCost[kindOf(b.node)]
      ? causeCost[kindOf(a.node)] < causeCost[kindOf(b.node)]
      : a.node < b.node

/** The best that a node can explain: a burst of failures in one round of looks, or a chain of them one after another. */
function assessNode(node: NodeId, episodes: Episode[], context: CoverContext): Candidate | null {
  if (episodes.length < 2) return null
  const { policy } = context
  let top: Candidate | null = null
  for (const chain of chains(episodes, policy.rollingGapMs)) {
    const burst = burstOf(chain, policy)
    const whole = burst.length >= burstShare * chain.length
    for (const [members, mode] of [
      [burst, 'together'],
      [whole ? [] : chain, 'rolling'],
    ] as const) {
      const candidate = weigh(node, mode, members, context)
      if (candidate && (!top || candidate.gain > top.gain)) top = candidate
    }
  }
  return top
}

function weigh(
  node: NodeId,
  mode: Cause['mode'],
  episodes: readonly Episode[],
  { topology, policy, now, wasOut }: CoverContext,
): Candidate | null {
  const devices = new Set(episodes.map((e) => e.device))
  if (devices.size < (mode === 'rolling' ? rollingLeast : 2)) return null
  const [first] = episodes
  const behind = topology.behind.get(node) ?? []
  let of = devices.size
  for (const device of behind) if (!devices.has(device) && !wasOut(device, first!.from)) of++
  if (mode === 'rolling' && devices.size <= rollingShare * of) return null
  // Of failures at one moment, so many have been looked at and confirmed by now.
  const seen = Math.min(1, Math.max(0.05, (now - first!.from - policy.confirmMs) / policy.everyMs))
  const missing = Math.max(0, of * seen - devices.size)
  const [cost, against] = mode === 'rolling' ? [rollingCost, rollingContradiction] : [0, contradiction]
  const gain = alone * devices.size - against * missing - cost - causeCost[kindOf(node)]
  return { node, mode, episodes: [...episodes], of, gain }
}

/** In order of onset, parted where the next came later than `gap` after the one before. */
function chains(episodes: Episode[], gap: number): Episode[][] {
  const sorted = episodes.sort((a, b) => a.from - b.from || (a.device < b.device ? -1 : 1))
  const parts: Episode[][] = []
  for (const e of sorted) {
    const last = parts.at(-1)
    if (last && e.from - last.at(-1)!.from <= gap) last.push(e)
    else parts.push([e])
  }
  return parts
}

/** The most episodes of a chain that began within one round of looks. */
function burstOf(chain: readonly Episode[], { everyMs, confirmMs }: CorrelationPolicy): Episode[] {
  const span = everyMs + confirmMs
  let best: [from: number, to: number] = [0, 0]
  for (let from = 0, to = 0; from < chain.length; from++) {
    while (to < chain.length && chain[to]!.from - chain[from]!.from <= span) to++
    if (to - from > best[1] - best[0]) best = [from, to]
  }
  return chain.slice(...best)
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
