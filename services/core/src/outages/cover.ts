/**
 * The likely causes of a set of failures: the shortest explanation (minimum description length; greedy weighted set cover). Each
 * failure that nothing explains costs something, each cause costs according to how rarely such a thing fails, and each device behind
 * a cause that stayed up speaks against it. So a pole is named before a switch, a switch before a line, unless the evidence is wider.
 */
import type { CauseEvidence } from '@hub/contracts'
import { assessNode, beats, byOnset, type Candidate } from './candidate.ts'
import { byItself, type CoverContext, type Explanation, evidenceOf, nodesOf } from './explanation.ts'
import { joinUnrecorded } from './gaps.ts'
import { createOutBefore } from './out-before.ts'
import { eachInPieces, sortedInPieces } from './pieces.ts'
import { keyOf, kindOf, type NodeId, type Topology } from './topology.ts'
import type { Episode } from './types.ts'

/** Rejected causes that are kept as evidence. */
const rejectedKept = 3

/**
 * Explains every episode given. Those of one device alone come last, one explanation each. Twenty thousand failures take longer than
 * others may be kept waiting: it stops after each piece, and whoever runs it decides when it goes on.
 */
export function* explain(episodes: readonly Episode[], context: CoverContext): Generator<void, Explanation[]> {
  const groups = Map.groupBy(episodes, (e) => e.sign)
  return [
    ...explainSilence([...(groups.get('silent') ?? [])], 'silent', context),
    ...explainSilence([...(groups.get('blind') ?? [])], 'blind', context),
    ...(yield* explainFailures(groups.get('path') ?? [], context)),
    ...(groups.get('device') ?? []).map(byItself),
  ]
}

/** Devices whose gateway says nothing, or that it cannot see: the gateway is all there is to name. */
function explainSilence(episodes: Episode[], mode: 'silent' | 'blind', { topology }: CoverContext): Explanation[] {
  const gatewayOf = (e: Episode) => nodesOf(e, topology).find((node) => kindOf(node) === 'gateway')
  const byGateway = Map.groupBy(episodes, gatewayOf)
  return [...byGateway].flatMap(([node, members]) => {
    if (node === undefined) return members.map(byItself)
    const of = topology.behind.get(node)?.size ?? members.length
    // One camera that its gateway no longer reports is a matter of that camera.
    if (members.length < 2 && of > 1) return members.map(byItself)
    return [
      { cause: { kind: 'gateway', key: keyOf(node), mode }, evidence: evidenceOf(members, of, []), episodes: members },
    ]
  })
}

function* explainFailures(episodes: readonly Episode[], context: CoverContext): Generator<void, Explanation[]> {
  const { topology, outSince } = context
  const scales = { ...context, outBefore: createOutBefore(topology, outSince) }
  const left = new Set(episodes)
  const touched = new Map<NodeId, Episode[]>()
  yield* eachInPieces(yield* sortedInPieces(episodes, byOnset), (e) => {
    for (const need of topology.needs.get(e.device) ?? []) if (need.length === 1) push(touched, need[0]!, e)
  })

  const atFirst = new Map<NodeId, Candidate>()
  for (const [node, members] of touched) {
    const candidate = assessNode(node, members, scales)
    if (candidate) atFirst.set(node, candidate)
    yield
  }
  const explanations: Explanation[] = []
  const failed = new Map<NodeId, Explanation>()
  // What is explained leaves less to gain elsewhere, never more: so a candidate is weighed again only when it has become the best.
  const gainful = [...atFirst.values()].filter(({ gain }) => gain > 0)
  const queue = yield* sortedInPieces(gainful, (a, b) => (beats(a, b) ? 1 : -1))
  const stale = new Set<NodeId>()
  for (let top = queue.pop(); top; top = queue.pop()) {
    yield
    if (stale.delete(top.node)) {
      const rest = touched.get(top.node)!.filter((e) => left.has(e))
      touched.set(top.node, rest)
      const again = assessNode(top.node, rest, scales)
      if (again && again.gain > 0) insert(queue, again)
      continue
    }
    const { node, mode, of } = top
    const explanation: Explanation = {
      cause: { kind: kindOf(node), key: keyOf(node), mode },
      evidence: evidenceOf(top.episodes, of, rejected(top, atFirst, topology)),
      episodes: [...top.episodes],
    }
    explanations.push(explanation)
    failed.set(node, explanation)
    yield* eachInPieces(top.episodes, (e) => {
      left.delete(e)
      for (const n of nodesOf(e, topology)) stale.add(n)
    })
    // It may have failed more than once.
    insert(queue, top)
  }
  joinAlternatives(left, failed, topology)
  yield
  return yield* joinUnrecorded([...explanations, ...[...left].map(byItself)], context)
}

/** Into candidates in order, the best last. */
function insert(queue: Candidate[], candidate: Candidate): void {
  let low = 0
  for (let high = queue.length; low < high; ) {
    const middle = (low + high) >> 1
    if (beats(candidate, queue[middle]!)) low = middle + 1
    else high = middle
  }
  queue.splice(low, 0, candidate)
}

/** What else the devices share of which too many stayed up, the likeliest first. */
function rejected(
  chosen: Candidate,
  candidates: ReadonlyMap<NodeId, Candidate>,
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

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
