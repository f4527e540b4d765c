/**
 * The likely causes of a set of failures: the shortest explanation (minimum description length; greedy weighted set cover). Each
 * failure that nothing explains costs something, each cause costs according to how rarely such a thing fails, and each device behind
 * a cause that stayed up speaks against it. So a pole is named before a switch, a switch before a line, unless the evidence is wider.
 */
import type { CauseEvidence, CauseKind } from '@hub/contracts'
import { assessNode, beats, byOnset, type Candidate } from './candidate.ts'
import { joinCoincident } from './coincidence.ts'
import { byItself, type CoverContext, type Explanation, evidenceOf, nodesOf as needsOf } from './explanation.ts'
import { joinUnrecorded } from './gaps.ts'
import { joinMisplaced } from './misplaced.ts'
import { createOutBefore } from './out-before.ts'
import { eachInPieces, sortedInPieces } from './pieces.ts'
import { keyOf, kindOf, type NodeId, type Topology } from './topology.ts'
import type { Episode } from './types.ts'

/** Rejected causes that are kept as evidence. */
const rejectedKept = 3
const none: readonly NodeId[] = []
/** Of what fails at once, most is seen within so much of a round of probes; of what goes one by one, hardly any. */
const atOnce = 0.6
/** So much of what goes one after another must be parts that failed at once. */
const partsShare = 0.4
/** What one that answers may fail of. */
const answering: readonly CauseKind[] = ['recorder', 'cohort']

/**
 * Explains every episode given. Those of one device alone come last, one explanation each. Twenty thousand failures take longer than
 * others may be kept waiting: it stops after each piece, and whoever runs it decides when it goes on.
 */
export function* explain(episodes: readonly Episode[], context: CoverContext): Generator<void, Explanation[]> {
  const groups = Map.groupBy(episodes, (e) => e.sign)
  return [
    ...explainSilence([...(groups.get('silent') ?? [])], 'silent', context),
    ...explainSilence([...(groups.get('blind') ?? [])], 'blind', context),
    ...(yield* explainPaths(groups.get('path') ?? [], context)),
    ...(yield* explainDevices(groups.get('device') ?? [], context)),
  ]
}

function* explainPaths(episodes: readonly Episode[], context: CoverContext): Generator<void, Explanation[]> {
  const { topology } = context
  const covered = yield* cover(episodes, (device) => topology.nodes.get(device) ?? none, context)
  const joined = yield* joinMisplaced(yield* joinUnrecorded(covered, context), context)
  return yield* joinCoincident(joined, context)
}

/** What answers, and wrongly, does not fail of its power or its line: of its recorder, or of what it has in common with others. */
function* explainDevices(episodes: readonly Episode[], context: CoverContext): Generator<void, Explanation[]> {
  const { topology } = context
  const nodesOf = (device: string) => [
    ...(topology.nodes.get(device) ?? []).filter((node) => answering.includes(kindOf(node))),
    ...(topology.traits.get(device) ?? []),
  ]
  const covered = yield* cover(episodes, nodesOf, context)
  return yield* joinCoincident(covered, context)
}

type NodesOf = (device: string) => readonly NodeId[]

/** Devices whose gateway says nothing, or that it cannot see: the gateway is all there is to name. */
function explainSilence(episodes: Episode[], mode: 'silent' | 'blind', { topology }: CoverContext): Explanation[] {
  const gatewayOf = (e: Episode) => needsOf(e, topology).find((node) => kindOf(node) === 'gateway')
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

/** The greedy cover by single causes; who is behind none comes last, by itself. */
function* cover(episodes: readonly Episode[], nodesOf: NodesOf, context: CoverContext): Generator<void, Explanation[]> {
  const { topology, outSince } = context
  const scales = { ...context, outBefore: createOutBefore(topology, outSince) }
  const left = new Set(episodes)
  const touched = new Map<NodeId, Episode[]>()
  yield* eachInPieces(yield* sortedInPieces(episodes, byOnset), (e) => {
    for (const node of nodesOf(e.device)) push(touched, node, e)
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
    if (top.mode === 'rolling' && isManyAtOnce(top, atFirst, left, nodesOf, context)) continue
    const { node, mode, of } = top
    const explanation: Explanation = {
      cause: { kind: kindOf(node), key: keyOf(node), mode },
      evidence: evidenceOf(top.episodes, of, rejected(top, atFirst, nodesOf)),
      episodes: [...top.episodes],
    }
    explanations.push(explanation)
    failed.set(node, explanation)
    yield* eachInPieces(top.episodes, (e) => {
      left.delete(e)
      for (const n of nodesOf(e.device)) stale.add(n)
    })
    // It may have failed more than once.
    insert(queue, top)
  }
  joinAlternatives(left, failed, topology)
  yield
  return [...explanations, ...[...left].map(byItself)]
}

/** One after another behind a wide thing may be many narrow ones, each whole and at once: a storm takes poles. Wide is no merit of its own. */
function isManyAtOnce(
  whole: Candidate,
  candidates: ReadonlyMap<NodeId, Candidate>,
  left: ReadonlySet<Episode>,
  nodesOf: NodesOf,
  { policy }: CoverContext,
): boolean {
  const own = new Set(whole.episodes)
  const parts = new Set<Candidate>()
  for (const e of own)
    for (const node of nodesOf(e.device)) {
      const part = candidates.get(node)
      if (part && part.mode === 'together' && part.gain > 0 && part.episodes.length === part.of) parts.add(part)
    }
  const taken = new Set<Episode>()
  let count = 0
  for (const { episodes } of [...parts].sort((a, b) => (beats(a, b) ? -1 : 1))) {
    if (!episodes.every((e) => own.has(e) && left.has(e) && !taken.has(e))) continue
    if (episodes.at(-1)!.from - episodes[0]!.from > atOnce * policy.everyMs) continue
    for (const e of episodes) taken.add(e)
    count++
  }
  return count >= 2 && taken.size >= partsShare * own.size
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
  nodesOf: NodesOf,
): CauseEvidence['rejected'] {
  return nodesOf(chosen.episodes[0]!.device)
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
