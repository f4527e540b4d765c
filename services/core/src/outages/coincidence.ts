/**
 * Coincidence as evidence. Failures that nothing on record explains, and small causes that failed in the same round of probes, are
 * counted against what chance would bring: λ = devices × time × the rate at which devices fail by themselves. Where many more failed
 * than that, they belong together; what they share with the greatest lift over chance is named, and if it is a thing most of which
 * stayed up, the moment is. Poisson log-likelihood ratio; see the decision record on correlation.
 */
import type { CauseEvidence } from '@hub/contracts'
import { areaOf } from './area.ts'
import { type CoverContext, type Explanation, evidenceOf } from './explanation.ts'
import { keyOf, kindOf, type NodeId, nodeOf, type Topology } from './topology.ts'
import type { Episode } from './types.ts'

/** Fewer than this are no coincidence to speak of: of failures by themselves, and of causes. */
const leastLone = 5
const leastCauses = 3
/** What the likelihood ratio must exceed (natural logarithm): so many thousand windows are looked at in a day. */
const convincing = 12
/** A member is there by chance with at most this probability. */
const mostChance = 0.1
/** A cause of a few devices fails so much seldomer than one device, a cause of many still more. */
const seldomer = { few: 20, many: 1_000 }
const many = 10
/** A thing is named when so much of what is behind it failed; else it is a moment within it. */
const thingShare = 0.4
/** Attributes kept as evidence, and what the members must share of them. */
const sharedKept = 3
const sharedShare = 0.8
/** A round of probes; and some more, when it is answers that went wrong. */
const rounds = [1, 2]

const city: NodeId = nodeOf('moment', '')
const things: readonly string[] = ['port', 'pole', 'place', 'switch', 'feed', 'subnet', 'line', 'gateway', 'district']

type Unit = { explanation: Explanation; first: number; last: number; size: number; devices: number }
type Found = { node: NodeId; units: Unit[]; score: number; chance: number; of: number }

/** Puts explanations that coincide into one. The others are handed back as they were. */
export function* joinCoincident(
  explanations: readonly Explanation[],
  context: CoverContext,
): Generator<void, Explanation[]> {
  const { policy } = context
  const span = policy.everyMs + policy.confirmMs
  let left = explanations.flatMap((e) => (isOpen(e) ? unitOf(e) : [])).filter((u) => u.last - u.first <= 2 * span)
  left.sort((a, b) => a.first - b.first)
  const gone = new Set<Explanation>()
  const joined: Explanation[] = []
  while (isDense(left, span)) {
    yield
    const best = strongest(left, context)
    if (!best) break
    const taken = new Set(best.units)
    left = left.filter((unit) => !taken.has(unit))
    for (const { explanation } of best.units) gone.add(explanation)
    joined.push(asExplanation(best, context))
  }
  return gone.size === 0 ? [...explanations] : [...joined, ...explanations.filter((e) => !gone.has(e))]
}

const isOpen = ({ cause }: Explanation): boolean =>
  cause.mode === 'together' && cause.kind !== 'gateway' && cause.kind !== 'district' && cause.kind !== 'line'

function unitOf(explanation: Explanation): Unit {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { from } of explanation.episodes) {
    if (from < first) first = from
    if (from > last) last = from
  }
  const devices = explanation.evidence.down
  const size = explanation.cause.kind === 'device' ? 0 : devices < many ? 1 : 2
  return { explanation, first, last, size, devices }
}

/** Whether any window holds enough to be looked at. @param units in order of onset */
function isDense(units: readonly Unit[], span: number): boolean {
  for (let i = leastCauses - 1; i < units.length; i++) {
    const from = units[i - leastCauses + 1]!
    if (units[i]!.first - from.first > 2 * span) continue
    if (i >= leastLone - 1 && units[i]!.first - units[i - leastLone + 1]!.first <= 2 * span) return true
    if (units.slice(i - leastCauses + 1, i + 1).every(({ size }) => size > 0)) return true
  }
  return false
}

function strongest(units: readonly Unit[], context: CoverContext): Found | null {
  const touched = new Map<NodeId, Unit[]>([[city, [...units]]])
  for (const unit of units)
    for (const node of commonOf(unit.explanation.episodes, context.topology)) {
      const list = touched.get(node)
      if (list) list.push(unit)
      else touched.set(node, [unit])
    }
  let best: Found | null = null
  for (const [node, behind] of touched) {
    if (behind.length < leastCauses) continue
    const found = bestWindow(node, behind, context)
    if (found && (!best || found.score > best.score || (found.score === best.score && found.node < best.node)))
      best = found
  }
  return best
}

/** What all of them need, or have. */
function commonOf([first, ...rest]: readonly Episode[], { nodes, traits }: Topology): NodeId[] {
  const of = ({ device }: Episode) => [...(nodes.get(device) ?? []), ...(traits.get(device) ?? [])]
  let common = of(first!)
  for (const e of rest) {
    const own = new Set(of(e))
    common = common.filter((node) => own.has(node))
  }
  return common
}

function bestWindow(node: NodeId, units: readonly Unit[], { topology, policy, rate }: CoverContext): Found | null {
  const causes = units.filter(({ size }) => size > 0)
  const of = node === city ? topology.nodes.size : (topology.behind.get(node)?.size ?? 0)
  let best: Found | null = null
  for (const round of rounds) {
    const windowMs = round * (policy.everyMs + policy.confirmMs)
    const chance = of * windowMs * rate
    for (let from = 0, to = 0; from < units.length; from++) {
      while (to < units.length && units[to]!.first - units[from]!.first <= windowMs) to++
      if (from > 0 && to - from <= (best?.units.length ?? leastCauses - 1)) continue
      const { first } = units[from]!
      const inside = units.slice(from, to).filter(({ last }) => last - first <= windowMs)
      // What has failed here shortly before says how much fails at such a time.
      const earlier = causes.filter((unit) => unit.first < first - windowMs).length
      const before = { lone: (from * windowMs) / policy.horizonMs, causes: (earlier * windowMs) / policy.horizonMs }
      for (const found of weigh(node, inside, chance, before, of)) if (!best || found.score > best.score) best = found
    }
  }
  return best
}

/** All of them; and the causes among them by themselves, which are rarer. */
function* weigh(
  node: NodeId,
  units: Unit[],
  chance: number,
  before: { lone: number; causes: number },
  of: number,
): Generator<Found> {
  const causes = units.filter(({ size }) => size > 0)
  const large = causes.filter(({ size }) => size > 1)
  for (const [some, least, lambda] of [
    [units, leastLone, Math.max(chance, before.lone)],
    [causes, leastCauses, chance / seldomer.few + before.causes],
    [large, leastCauses, chance / seldomer.many + before.causes],
  ] as const) {
    const k = some.length
    if (k < least || lambda > mostChance * k) continue
    const score = k * Math.log(k / lambda) - (k - lambda)
    if (score > convincing) yield { node, units: [...some], score, chance: lambda, of }
  }
}

function asExplanation({ node, units, chance, of }: Found, context: CoverContext): Explanation {
  const { topology } = context
  const episodes = units.flatMap(({ explanation }) => explanation.episodes)
  const shared = sharedBy(episodes, topology)
  const evidence: CauseEvidence = {
    ...evidenceOf(episodes, of, rejectedOf(units)),
    chance: Number(chance.toPrecision(2)),
    ...(shared.length > 0 ? { shared } : {}),
  }
  const area = node === city || things.includes(kindOf(node)) ? areaOf(episodes, topology) : null
  const isThing = things.includes(kindOf(node)) && evidence.down >= thingShare * of
  if (node !== city && (isThing || !things.includes(kindOf(node))))
    return { cause: { kind: kindOf(node), key: keyOf(node), mode: 'together' }, evidence, episodes }
  if (area) return { cause: { kind: 'place', key: area.key, mode: 'together' }, evidence: { ...evidence, of: area.of }, episodes }
  const within = node === city ? '' : node
  return { cause: { kind: 'moment', key: `${within}@${units[0]!.first}`, mode: 'together' }, evidence, episodes }
}

/** The causes that were taken for it at first: each explains a part. */
const rejectedOf = (units: readonly Unit[]): CauseEvidence['rejected'] =>
  units
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.devices - a.devices)
    .slice(0, sharedKept)
    .map(({ explanation: { cause, evidence } }) => ({ kind: cause.kind, key: cause.key, down: evidence.down, of: evidence.of }))

/** What nearly all of them share, the narrowest first. */
function sharedBy(episodes: readonly Episode[], topology: Topology): NonNullable<CauseEvidence['shared']> {
  const counts = new Map<NodeId, number>()
  for (const { device } of episodes)
    for (const node of [...(topology.nodes.get(device) ?? []), ...(topology.traits.get(device) ?? [])])
      counts.set(node, (counts.get(node) ?? 0) + 1)
  return [...counts]
    .filter(([, down]) => down >= sharedShare * episodes.length)
    .map(([node, down]) => ({ kind: kindOf(node), key: keyOf(node), down, of: topology.behind.get(node)?.size ?? down }))
    .sort((a, b) => a.of - b.of || (a.key < b.key ? -1 : 1))
    .slice(0, sharedKept)
}
