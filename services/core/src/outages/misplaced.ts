/**
 * Devices that the record hangs on the wrong parent: they fail alone, in the same round of probes as a cause of many in their block, on
 * their line or in their district, and more of them than chance would bring. They belong to that cause, and the record may be wrong.
 */
import type { CauseKind } from '@hub/contracts'
import { type CoverContext, type Explanation, evidenceOf, nodesOf } from './explanation.ts'
import { keyOf, kindOf, type NodeId, type Topology } from './topology.ts'
import type { Episode } from './types.ts'

const parents: readonly CauseKind[] = ['pole', 'switch', 'feed', 'recorder']
const scopes: readonly CauseKind[] = ['subnet', 'line', 'district']
const pairs: readonly CauseKind[] = ['pole', 'place', 'port']
const leastMembers = 4
const sharedShare = 0.8
/** At most so many for each that is on record. */
const mostShare = 0.6
/** Chance may bring at most so much of them. */
const mostChance = 0.1
/** One alone is no pattern. */
const leastStrays = 2
const namedMost = 50

export function joinMisplaced(explanations: readonly Explanation[], context: CoverContext): Explanation[] {
  const { policy } = context
  const causes = explanations
    .filter(
      ({ cause, episodes }) =>
        cause.mode === 'together' && parents.includes(cause.kind) && episodes.length >= leastMembers,
    )
    .sort((a, b) => b.episodes.length - a.episodes.length)
  if (causes.length === 0) return [...explanations]
  const small = explanations.filter(
    ({ cause, episodes }) => cause.kind === 'device' || (pairs.includes(cause.kind) && episodes.length === 2),
  )
  const strayOf = new Map(small.flatMap((e) => e.episodes.map((episode) => [episode, e] as const)))
  const gone = new Set<Explanation>()
  const span = policy.everyMs + policy.confirmMs
  for (const cause of causes) {
    const [first, last] = rangeOf(cause.episodes)
    const near = [...strayOf.keys()].filter(
      (e) => e.from >= last - span && e.from <= first + span && e.expected === cause.episodes[0]!.expected,
    )
    const joining = near.length > 0 ? strays(cause, near, strayOf, context) : []
    if (joining.length === 0) continue
    for (const e of joining) {
      gone.add(strayOf.get(e)!)
      strayOf.delete(e)
    }
    const misplaced = joining.flatMap((e) => recordedOf(e, cause.cause.kind, context.topology)).slice(0, namedMost)
    cause.episodes.push(...joining)
    const { of, rejected } = cause.evidence
    cause.evidence = {
      ...evidenceOf(cause.episodes, of + joining.length, rejected),
      ...(misplaced.length > 0 ? { misplaced } : {}),
    }
  }
  return gone.size === 0 ? [...explanations] : explanations.filter((e) => !gone.has(e))
}

/** Those of the scope that says most: the one in which chance would bring fewest. */
function strays(
  cause: Explanation,
  near: readonly Episode[],
  strayOf: ReadonlyMap<Episode, Explanation>,
  { topology, policy, rate }: CoverContext,
): Episode[] {
  const counts = new Map<NodeId, number>()
  for (const e of cause.episodes)
    for (const node of nodesOf(e, topology))
      if (scopes.includes(kindOf(node))) counts.set(node, (counts.get(node) ?? 0) + 1)
  const windowMs = policy.everyMs + policy.confirmMs
  let best: Episode[] = []
  for (const [scope, count] of counts) {
    if (count < sharedShare * cause.episodes.length) continue
    // Two that share a pole are a cause of their own, unless they are as near as one block.
    const isSmall = (e: Episode) => strayOf.get(e)!.cause.kind === 'device' || kindOf(scope) === 'subnet'
    const within = near.filter((e) => isSmall(e) && nodesOf(e, topology).includes(scope))
    const chance = (topology.behind.get(scope)?.size ?? 0) * windowMs * rate
    const k = within.length
    if (k > mostShare * cause.episodes.length || chance > mostChance * k) continue
    if (k >= leastStrays && k > best.length) best = within
  }
  return best
}

function recordedOf({ device }: Episode, kind: CauseKind, { nodes }: Topology): { device: string; recorded: string }[] {
  const node = nodes.get(device)?.find((n) => kindOf(n) === kind)
  return node === undefined ? [] : [{ device, recorded: keyOf(node) }]
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
