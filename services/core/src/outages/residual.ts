/** What stays out when a cause has ended for most: explained anew from then on, if a narrower thing explains it wholly. */
import { minuteMs } from '../common/time/units.ts'
import { kindOf, type NodeId, type Topology } from './topology.ts'
import type { CorrelatedOutage, Episode } from './types.ts'

/** Most came back within this time… */
const healMs = minuteMs
/** …so many of them… */
const healShare = 0.5
/** …and the rest has not for so long. */
const waitMs = 3 * minuteMs
const narrower: readonly string[] = ['pole', 'port', 'switch', 'feed', 'recorder', 'place']

export type Residual = { healedAt: number; episodes: Episode[] }

/** @returns episodes that go on under another cause from then on; none when nothing narrower is out as a whole */
export function residualOf(outage: CorrelatedOutage, topology: Topology, now: number): Residual[] {
  const healedAt = healOf(outage, now)
  if (healedAt === null) return []
  const out = outage.episodes.filter((e) => e.to === null)
  const by = new Map<NodeId, Episode[]>()
  for (const e of out)
    for (const node of topology.nodes.get(e.device) ?? []) {
      if (!narrower.includes(kindOf(node)) || isCause(node, outage)) continue
      const list = by.get(node)
      if (list) list.push(e)
      else by.set(node, [e])
    }
  const whole = [...by].filter(
    ([node, members]) => members.length >= 2 && members.length === topology.behind.get(node)?.size,
  )
  const taken = new Set<Episode>()
  const residuals: Residual[] = []
  for (const [, members] of whole.sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))) {
    if (members.some((e) => taken.has(e))) continue
    for (const e of members) taken.add(e)
    residuals.push({ healedAt, episodes: members })
  }
  return residuals
}

const isCause = (node: NodeId, { cause }: CorrelatedOutage): boolean => node === `${cause.kind}:${cause.key}`

/** When it ended for most; null while it has not, or may still. */
function healOf({ episodes }: CorrelatedOutage, now: number): number | null {
  const ends = episodes.flatMap(({ to }) => (to === null ? [] : [to])).sort((a, b) => a - b)
  const last = ends.at(-1)
  if (last === undefined || ends.length < healShare * episodes.length || ends.length === episodes.length) return null
  if (now - last < waitMs) return null
  const from = ends.findIndex((at) => at >= last - healMs)
  return ends.length - from >= healShare * episodes.length ? last : null
}
