/**
 * One after another over the city, and of one make: firmware that is rolled out, a model that restarts. Lone failures of the last
 * minutes are counted against what the devices that do not share the attribute did in the same time.
 */
import { type CoverContext, type Explanation, evidenceOf } from './explanation.ts'
import { keyOf, kindOf, type NodeId } from './topology.ts'
import type { Episode } from './types.ts'

const least = 8
const convincing = 20
const mostChance = 0.1
/** What is out so many times as long as most of them failed of something else. */
const muchLonger = 3

export function joinSpreading(explanations: readonly Explanation[], context: CoverContext): Explanation[] {
  const { topology, policy, now } = context
  const lone = explanations.filter(({ cause }) => cause.kind === 'device')
  if (lone.length < least) return [...explanations]
  const touched = new Map<NodeId, Explanation[]>()
  for (const e of lone)
    for (const node of topology.traits.get(e.cause.key) ?? []) {
      const list = touched.get(node)
      if (list) list.push(e)
      else touched.set(node, [e])
    }
  let best: { node: NodeId; members: Explanation[]; score: number; chance: number } | null = null
  for (const [node, all] of touched) {
    if (all.length < least) continue
    const members = alike(all, now)
    const k = members.length
    const of = topology.behind.get(node)?.size ?? k
    const outside = (lone.length - all.length) / Math.max(1, topology.nodes.size - of)
    const chance = of * Math.max(context.rate * policy.horizonMs, outside)
    if (k < least || chance > mostChance * k) continue
    const score = k * Math.log(k / chance) - (k - chance)
    if (score > convincing && (!best || score > best.score)) best = { node, members, score, chance }
  }
  if (!best) return [...explanations]
  const { node, members, chance } = best
  const gone = new Set(members)
  const episodes = members.flatMap((e) => e.episodes).sort((a, b) => a.from - b.from)
  const of = topology.behind.get(node)?.size ?? episodes.length
  const joined: Explanation = {
    cause: { kind: kindOf(node), key: keyOf(node), mode: 'rolling' },
    evidence: { ...evidenceOf(episodes, of, []), chance: Number(chance.toPrecision(2)) },
    episodes,
  }
  return [joined, ...explanations.filter((e) => !gone.has(e))]
}

/** Those that are out about as long as most. */
function alike(explanations: readonly Explanation[], now: number): Explanation[] {
  const lasted = ({ from, to }: Episode) => (to ?? now) - from
  const ended = explanations.flatMap(({ episodes: [e] }) => (e!.to === null ? [] : [lasted(e!)]))
  if (2 * ended.length < explanations.length) return [...explanations]
  const median = ended.sort((a, b) => a - b)[ended.length >> 1]!
  return explanations.filter(({ episodes: [e] }) => lasted(e!) <= muchLonger * median)
}
