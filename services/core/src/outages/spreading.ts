/**
 * One after another over the city, and of one make: firmware that is rolled out, a model that restarts. Lone failures of the last
 * minutes are counted against what the devices that do not share the attribute did in the same time.
 */
import { type Explanation, evidenceOf } from './explanation.ts'
import { keyOf, kindOf, type NodeId, type Topology } from './topology.ts'
import type { Episode } from './types.ts'

const least = 8
const convincing = 20
const mostChance = 0.1
/** What is out so many times as long as most of them failed of something else. */
const muchLonger = 3

/** @param lone failures by themselves, of so much time. @param rate of devices that fail by themselves, in that time */
export function spreadingOver(
  lone: readonly Episode[],
  topology: Topology,
  rate: number,
  now: number,
): Explanation | null {
  if (lone.length < least) return null
  const touched = new Map<NodeId, Episode[]>()
  for (const e of lone)
    for (const node of topology.traits.get(e.device) ?? []) {
      const list = touched.get(node)
      if (list) list.push(e)
      else touched.set(node, [e])
    }
  let best: { node: NodeId; members: Episode[]; score: number; chance: number; of: number } | null = null
  for (const [node, all] of touched) {
    if (all.length < least) continue
    const members = alike(all, now)
    const k = members.length
    const of = topology.behind.get(node)?.size ?? k
    const outside = (lone.length - all.length) / Math.max(1, topology.nodes.size - of)
    const chance = of * Math.max(rate, outside)
    if (k < least || chance > mostChance * k) continue
    const score = k * Math.log(k / chance) - (k - chance)
    if (score > convincing && (!best || score > best.score)) best = { node, members, score, chance, of }
  }
  if (!best) return null
  const { node, members, chance, of } = best
  return {
    cause: { kind: kindOf(node), key: keyOf(node), mode: 'rolling' },
    evidence: { ...evidenceOf(members, of, []), chance: Number(chance.toPrecision(2)) },
    episodes: members.sort((a, b) => a.from - b.from),
  }
}

/** Those that were out about as long as most; what is still out is not known to be. */
function alike(episodes: readonly Episode[], now: number): Episode[] {
  const lasted = ({ from, to }: Episode) => (to ?? now) - from
  const ended = episodes.filter(({ to }) => to !== null).map(lasted)
  if (2 * ended.length < episodes.length) return [...episodes]
  const median = ended.sort((a, b) => a - b)[ended.length >> 1]!
  return episodes.filter((e) => e.to !== null && lasted(e) <= muchLonger * median)
}
