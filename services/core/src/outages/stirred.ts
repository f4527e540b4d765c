import type { NodeId, Topology } from './topology.ts'
import type { Episode } from './types.ts'

/** Behind a narrow thing are at most so many. */
const narrowMost = 64

/**
 * What is explained again when there is news: the news, and what it may have to do with: of the same outage, or behind the same narrow
 * thing. The rest stays as it is, so that news costs according to itself and not to all that is out.
 */
export function stirred(
  young: readonly Episode[],
  { nodes, behind }: Topology,
  isNew: (e: Episode) => boolean,
): Episode[] {
  const outages = new Set<string>()
  const narrow = new Set<NodeId>()
  for (const e of young) {
    if (!isNew(e)) continue
    if (e.outage !== null) outages.add(e.outage)
    for (const node of nodes.get(e.device) ?? []) if (behind.get(node)!.size <= narrowMost) narrow.add(node)
  }
  const isBeside = (node: NodeId) => narrow.has(node)
  for (const e of young)
    if (e.outage !== null && !outages.has(e.outage) && nodes.get(e.device)?.some(isBeside)) outages.add(e.outage)
  return young.filter((e) => e.outage === null || outages.has(e.outage))
}
