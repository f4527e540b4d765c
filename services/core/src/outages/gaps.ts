/** Failures of which the camera record does not say what they hang on. */
import type { CauseKind } from '@hub/contracts'
import { type CoverContext, type Explanation, nodesOf } from './explanation.ts'
import { kindOf, type NodeId, type Topology } from './topology.ts'
import type { Episode } from './types.ts'

/** Below this many members a cause takes in nobody of whom the record does not say that he is behind it. */
const widelySeen = 4
/** What the members of a cause share beside it, if most of them do. */
const sharedShare = 0.6
const recordable: readonly CauseKind[] = ['pole', 'switch', 'feed']
const wider: readonly CauseKind[] = ['subnet', 'line', 'district']
const inferred: readonly CauseKind[] = ['device', 'place', 'recorder', 'subnet', 'cohort']

/**
 * The record has gaps: of some devices it says no pole, switch or feed at all. Such a device that failed in the same round of probes as
 * a wide cause, and shares its block, line or district, failed of it: as many as the gaps let expect, twice that at most.
 */
export function* joinUnrecorded(
  explanations: readonly Explanation[],
  context: CoverContext,
): Generator<void, Explanation[]> {
  const { topology, policy } = context
  const span = policy.everyMs + policy.confirmMs
  const wide = explanations
    .filter(({ cause, episodes }) => recordable.includes(cause.kind) && episodes.length >= widelySeen)
    .filter(({ cause }) => cause.mode === 'together')
    .sort((a, b) => b.episodes.length - a.episodes.length)
  const gaps = createGaps(topology)
  const small = explanations.filter(({ cause }) => inferred.includes(cause.kind))
  const ranges = new Map(small.map((e) => [e, rangeOf(e.episodes)]))
  const forgotten = new Map<CauseKind, Explanation[]>()
  for (const kind of new Set(wide.map(({ cause }) => cause.kind))) {
    forgotten.set(
      kind,
      small.filter(({ episodes }) => episodes.every((e) => gaps.lacks(e.device, kind))),
    )
    yield
  }
  const gone = new Set<Explanation>()
  for (const into of wide) {
    yield
    const commons = commonOf(into, topology)
    const [first, last] = rangeOf(into.episodes)
    const fits = (e: Explanation) => {
      const { episodes } = e
      const [from, to] = ranges.get(e)!
      if (Math.max(last, to) - Math.min(first, from) > span || 2 * episodes.length > into.episodes.length) return false
      // What was not expected is not hidden in what was.
      if (episodes.some((e) => e.expected !== into.episodes[0]!.expected)) return false
      return episodes.every((e) => nodesOf(e, topology).some((node) => commons.has(node)))
    }
    const joining = forgotten.get(into.cause.kind)!.filter((e) => !gone.has(e) && fits(e))
    const count = joining.reduce((sum, { episodes }) => sum + episodes.length, 0)
    if (count === 0 || count > 2 * expectedGaps(into, commons, gaps.behind) + 1) continue
    for (const e of joining) {
      gone.add(e)
      into.episodes.push(...e.episodes)
    }
  }
  return explanations.filter((e) => !gone.has(e))
}

/** The blocks, lines and districts that most members share. */
function commonOf({ episodes }: Explanation, topology: Topology): Set<NodeId> {
  const counts = new Map<NodeId, number>()
  for (const e of episodes)
    for (const node of nodesOf(e, topology))
      if (wider.includes(kindOf(node))) counts.set(node, (counts.get(node) ?? 0) + 1)
  return new Set([...counts].filter(([, n]) => n >= sharedShare * episodes.length).map(([node]) => node))
}

type Gaps = {
  /** The record names nothing of that kind that the device hangs on. */
  lacks(device: string, kind: CauseKind): boolean
  /** How many devices are behind the node, and of how many of these the record names nothing of that kind. */
  behind(node: NodeId, kind: CauseKind): { all: number; lacking: number }
}

function createGaps({ needs, behind }: Topology): Gaps {
  const counted = new Map<string, { all: number; lacking: number }>()
  const lacks = (device: string, kind: CauseKind) =>
    !needs.get(device)?.some((need) => need.some((node) => kindOf(node) === kind))
  return {
    lacks,
    behind(node, kind) {
      const key = `${kind} ${node}`
      const known = counted.get(key)
      if (known) return known
      const devices = [...(behind.get(node) ?? [])]
      const counts = { all: devices.length, lacking: devices.filter((device) => lacks(device, kind)).length }
      counted.set(key, counts)
      return counts
    },
  }
}

/** So many of those behind a cause are not on record as such, if the gaps fall alike on all that share its block, line or district. */
function expectedGaps(
  { episodes, cause }: Explanation,
  commons: ReadonlySet<NodeId>,
  gapsBehind: Gaps['behind'],
): number {
  let most = 0
  for (const node of commons) {
    const { all, lacking } = gapsBehind(node, cause.kind)
    if (lacking < all) most = Math.max(most, (episodes.length * lacking) / (all - lacking))
  }
  return most
}

function rangeOf(episodes: readonly Episode[]): [first: number, last: number] {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const { from } of episodes) {
    if (from < first) first = from
    if (from > last) last = from
  }
  return [first, last]
}
