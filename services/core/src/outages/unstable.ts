/**
 * A parent that does not fail and does not hold: many of its devices come and go, the others stay. A line that flaps, a gateway too
 * busy for the slow ones. That some stay up is no disproof here: what counts is how many more come and go behind it than elsewhere.
 */
import type { CauseEvidence } from '@hub/contracts'
import { keyOf, kindOf, type NodeId, type Topology } from './topology.ts'
import type { Cause } from './types.ts'

const parents: readonly string[] = ['switch', 'feed', 'subnet', 'line', 'gateway', 'recorder']
const least = 6
const convincing = 15
const mostChance = 0.1
/** Held of a quiet city: so many devices come and go at any time. */
const atFirst = 0.002

export type Unstable = { node: NodeId; cause: Cause; evidence: CauseEvidence; devices: string[] }

/** The parent behind which most come and go, beyond what is usual. @param flapping devices that have failed at least twice of late */
export function unstableParent(flapping: readonly string[], topology: Topology, withinMs: number): Unstable | null {
  if (flapping.length < least) return null
  const touched = new Map<NodeId, string[]>()
  for (const device of flapping)
    for (const node of topology.nodes.get(device) ?? []) {
      if (!parents.includes(kindOf(node))) continue
      const list = touched.get(node)
      if (list) list.push(device)
      else touched.set(node, [device])
    }
  let best: { node: NodeId; devices: string[]; of: number; chance: number; score: number } | null = null
  for (const [node, devices] of touched) {
    const k = devices.length
    if (k < least) continue
    const of = topology.behind.get(node)?.size ?? k
    const outside = (flapping.length - k) / Math.max(1, topology.nodes.size - of)
    const chance = of * Math.max(atFirst, outside)
    if (chance > mostChance * k) continue
    const score = k * Math.log(k / chance) - (k - chance)
    if (score > convincing && (!best || score > best.score)) best = { node, devices, of, chance, score }
  }
  if (!best) return null
  const { node, devices, of, chance } = best
  return {
    node,
    devices,
    cause: { kind: kindOf(node), key: keyOf(node), mode: 'unstable' },
    evidence: { down: devices.length, of, withinMs, rejected: [], chance: Number(chance.toPrecision(2)) },
  }
}
