/**
 * Devices that the record hangs on the wrong parent: they fail alone, in the same round of probes as a cause of many in their block, on
 * their line or in their district, and more of them than chance would bring. They belong to that cause, and the record may be wrong.
 */
import type { CauseKind } from '@hub/contracts'
import { type CoverContext, type Explanation, evidenceOf, nodesOf } from './explanation.ts'
import { eachInPieces } from './pieces.ts'
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

export function* joinMisplaced(
  explanations: readonly Explanation[],
  context: CoverContext,
): Generator<void, Explanation[]> {
  const causes = explanations
    .filter(({ cause, episodes }) => {
      return cause.mode === 'together' && parents.includes(cause.kind) && episodes.length >= leastMembers
    })
    .sort((a, b) => b.episodes.length - a.episodes.length)
  if (causes.length === 0) return [...explanations]
  const strays = new Map<NodeId, Stray[]>()
  yield* eachInPieces(explanations, (of) => {
    const alone = of.cause.kind === 'device'
    if (!alone && !(pairs.includes(of.cause.kind) && of.episodes.length === 2)) return
    for (const e of of.episodes)
      for (const node of nodesOf(e, context.topology)) {
        // Two that share a pole are a cause of their own, unless they are as near as one block.
        if (!scopes.includes(kindOf(node)) || !(alone || kindOf(node) === 'subnet')) continue
        const list = strays.get(node)
        if (list) list.push({ e, of })
        else strays.set(node, [{ e, of }])
      }
  })
  const gone = new Set<Explanation>()
  for (const cause of causes) {
    yield
    const joining = straysOf(cause, strays, gone, context)
    if (joining.length === 0) continue
    for (const { of } of joining) gone.add(of)
    const episodes = joining.map(({ e }) => e)
    const misplaced = episodes.flatMap((e) => recordedOf(e, cause.cause.kind, context.topology)).slice(0, namedMost)
    cause.episodes.push(...episodes)
    const { of, rejected } = cause.evidence
    cause.evidence = {
      ...evidenceOf(cause.episodes, of + joining.length, rejected),
      ...(misplaced.length > 0 ? { misplaced } : {}),
    }
  }
  return gone.size === 0 ? [...explanations] : explanations.filter((e) => !gone.has(e))
}

type Stray = { e: Episode; of: Explanation }

/** Those of the scope in which there are most. */
function straysOf(
  { episodes }: Explanation,
  strays: ReadonlyMap<NodeId, Stray[]>,
  gone: ReadonlySet<Explanation>,
  { topology, policy, rate }: CoverContext,
): Stray[] {
  const counts = new Map<NodeId, number>()
  for (const e of episodes)
    for (const node of nodesOf(e, topology)) if (strays.has(node)) counts.set(node, (counts.get(node) ?? 0) + 1)
  const span = policy.everyMs + policy.confirmMs
  const [first, last] = rangeOf(episodes)
  const fits = ({ e, of }: Stray) =>
    !gone.has(of) && e.from >= last - span && e.from <= first + span && e.expected === episodes[0]!.expected
  let best: Stray[] = []
  for (const [scope, count] of counts) {
    if (count < sharedShare * episodes.length) continue
    const near = strays.get(scope)!.filter(fits)
    const fitting = new Set(near.map(({ e }) => e))
    const within = near.filter(({ of }) => of.episodes.every((e) => fitting.has(e)))
    const k = within.length
    const chance = (topology.behind.get(scope)?.size ?? 0) * span * rate
    if (k < leastStrays || k > mostShare * episodes.length || chance > mostChance * k) continue
    if (k > best.length) best = within
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
