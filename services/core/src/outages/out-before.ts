/** How many devices behind a node were out already before a time, or are unknown: they say nothing about a cause. */
import type { NodeId, Topology } from './topology.ts'

/** Each node's devices are looked through once, when it is first asked for. @param outSince since when a device is out, if it is. */
export function createOutBefore(
  topology: Topology,
  outSince: (device: string) => number | undefined,
): (node: NodeId, at: number) => number {
  const onsets = new Map<NodeId, Float64Array>()
  return (node, at) => {
    let sorted = onsets.get(node)
    if (!sorted) {
      const since = [...(topology.behind.get(node) ?? [])].flatMap((device) => outSince(device) ?? [])
      sorted = Float64Array.from(since).sort()
      onsets.set(node, sorted)
    }
    let low = 0
    for (let high = sorted.length; low < high; ) {
      const middle = (low + high) >> 1
      if (sorted[middle]! < at) low = middle + 1
      else high = middle
    }
    return low
  }
}
