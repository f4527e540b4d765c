/**
 * Coincidence as evidence. Failures that nothing on record explains, and small causes that failed in the same round of probes, are
 * counted against what chance would bring: λ = devices × time × the rate at which devices fail by themselves. Where many more failed
 * than that, they belong together; what they share with the greatest lift over chance is named, and if it is a thing most of which
 * stayed up, the moment is. Poisson log-likelihood ratio; see the decision record on correlation.
 */
import type { CauseEvidence } from '@hub/contracts'
import { areaOf } from './area.ts'
import { type CoverContext, type Explanation, evidenceOf } from './explanation.ts'
import { eachInPieces } from './pieces.ts'
import { keyOf, kindOf, type NodeId, nodeOf, type Topology } from './topology.ts'
import type { Episode } from './types.ts'

/** Fewer than this are no coincidence to speak of: of failures by themselves, and of causes. */
const leastLone = 6
const leastCauses = 3
/** At one time so many are found; the next when it is explained again. */
const mostJoined = 12
/** Of causes in one narrow thing two will do. */
const leastNear = 2
const narrowMost = 64
/**
 * What the likelihood ratio must exceed (natural logarithm). Some millions of windows are looked at in a day of a city, most of them far
 * too small for so many lone failures; there are few causes in a day to coincide.
 */
const convincing = { lone: 14, causes: 8.5 }
/** A lift over chance beyond this says little more: else the narrowest thing that a few share would win over what all share. */
const mostLift = 5
const furtherLift = 0.1
/** A member is there by chance with at most this probability. */
const mostChance = 0.1
/** A cause of a few devices fails so much seldomer than one device, a cause of many still more. */
const seldomer = { few: 20, many: 1_000 }
const many = 10
/** A thing is named when so much of what is behind it failed; else it is a moment within it. */
const thingShare = 0.4
/** …and nearly all of it, if they lie close together: then it may be the place. */
const wholeShare = 0.8
/** Attributes kept as evidence, and what the members must share of them. */
const sharedKept = 3
const sharedShare = 0.8
/** What fails at once is seen within a round of probes. What takes longer must be more: of silence twice as many, of what is told to restart, or refuses a login, as many. */
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
  // What comes and goes does so by itself, or behind an unstable parent.
  const isSteady = ({ cause }: Explanation) => cause.kind !== 'device' || !context.isRepeated(cause.key)
  let left = explanations.flatMap((e) => (isOpen(e) && isSteady(e) ? unitOf(e) : []))
  left = left.filter((u) => u.last - u.first <= 2 * span)
  left.sort((a, b) => a.first - b.first)
  const gone = new Set<Explanation>()
  const joined: Explanation[] = []
  for (let round = 0; round < mostJoined && isDense(left, span); round++) {
    yield
    const best = yield* strongest(left, context)
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
  const holds = (some: readonly Unit[], least: number) =>
    some.some(({ first }, i) => i >= least - 1 && first - some[i - least + 1]!.first <= 2 * span)
  return (
    holds(units, leastLone) ||
    holds(
      units.filter(({ size }) => size > 0),
      leastNear,
    )
  )
}

function* strongest(units: readonly Unit[], context: CoverContext): Generator<void, Found | null> {
  const touched = new Map<NodeId, Unit[]>([[city, [...units]]])
  yield* eachInPieces(units, (unit) => {
    const { episodes } = unit.explanation
    for (const node of commonOf(episodes, context.topology)) {
      if (!explains(node, episodes[0]!)) continue
      const list = touched.get(node)
      if (list) list.push(unit)
      else touched.set(node, [unit])
    }
  })
  let best: Found | null = null
  for (const [node, behind] of touched) {
    if (behind.length < leastNear) continue
    const found = fullest(node, behind, context)
    if (found && (!best || found.score > best.score || (found.score === best.score && found.node < best.node)))
      best = found
    yield
  }
  return best
}

/** A wrong credential does not silence a device, nor does who looks after it. */
const explains = (node: NodeId, { sign }: Episode): boolean =>
  sign !== 'path' || !(keyOf(node).startsWith('credential:') || keyOf(node).startsWith('maintainer:'))

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

/** Of the windows over what failed behind a node, the one that holds most: of all of them, and of the causes among them, which are rarer. */
function fullest(node: NodeId, units: readonly Unit[], context: CoverContext): Found | null {
  const { topology, policy, rate } = context
  const of = node === city ? topology.nodes.size : (topology.behind.get(node)?.size ?? 0)
  const causes = units.filter(({ size }) => size > 0)
  const few = of <= narrowMost ? leastNear : leastCauses
  const classes: [some: readonly Unit[], least: number, seldomer: number, enough: number][] = [
    [units, leastLone, 1, convincing.lone],
    [causes, few, seldomer.few, convincing.causes],
    [causes.filter(({ size }) => size > 1), few, seldomer.many, convincing.causes],
  ]
  const { sign } = units[0]!.explanation.episodes[0]!
  const isCommanded = sign !== 'path' || kindOf(node) === 'attribute'
  let best: Found | null = null
  for (const round of rounds) {
    const windowMs = round * (policy.everyMs + policy.confirmMs)
    for (const [some, least, rarer, enough] of classes) {
      const inside = mostWithin(some, windowMs)
      const k = inside.length
      const chance = (of * windowMs * rate) / rarer
      if (k < least * (isCommanded ? 1 : round) || scoreOf(k, chance) <= Math.max(enough, best?.score ?? 0)) continue
      const before = usualAt(node, inside[0]!.first - windowMs, windowMs, context)
      const lambda = rarer === 1 ? Math.max(chance, before.lone) : chance + before.causes
      const score = scoreOf(k, lambda)
      if (score <= Math.max(enough, best?.score ?? 0)) continue
      best = { node, units: inside, score, chance: lambda, of }
    }
  }
  return best
}

/** Nothing, when chance may account for too many. */
function scoreOf(k: number, lambda: number): number {
  if (lambda > mostChance * k) return 0
  const lift = Math.log(k / lambda)
  return k * (Math.min(mostLift, lift) + furtherLift * Math.max(0, lift - mostLift)) - (k - lambda)
}

/** @param units in order of onset */
function mostWithin(units: readonly Unit[], windowMs: number): Unit[] {
  let best: [from: number, to: number] = [0, 0]
  for (let from = 0, to = 0; from < units.length; from++) {
    while (to < units.length && units[to]!.first - units[from]!.first <= windowMs) to++
    if (to - from > best[1] - best[0]) best = [from, to]
  }
  const inside = units.slice(...best)
  return inside.filter(({ last }) => last - inside[0]!.first <= windowMs)
}

type Usual = { lone: number; causes: number }

/** What has failed there shortly before says how much fails in such a time. */
function usualAt(node: NodeId, until: number, windowMs: number, { topology, policy, young }: CoverContext): Usual {
  const outages = new Map<string, string>()
  const causes = new Set<string>()
  for (const { device, from, outage } of young) {
    if (from >= until || outage === null) continue
    const isBehind =
      node === city || topology.nodes.get(device)?.includes(node) || topology.traits.get(device)?.includes(node)
    if (!isBehind) continue
    const other = outages.get(outage)
    if (other === undefined) outages.set(outage, device)
    else if (other !== device) causes.add(outage)
  }
  const share = windowMs / policy.horizonMs
  return { lone: outages.size * share, causes: causes.size * share }
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
  const isThing = things.includes(kindOf(node)) && evidence.down >= (area ? wholeShare : thingShare) * of
  if (node !== city && (isThing || !things.includes(kindOf(node))))
    return { cause: { kind: kindOf(node), key: keyOf(node), mode: 'together' }, evidence, episodes }
  if (area)
    return {
      cause: { kind: 'place', key: area.key, mode: 'together' },
      evidence: { ...evidence, of: area.of },
      episodes,
    }
  const within = node === city ? '' : node
  return { cause: { kind: 'moment', key: `${within}@${units[0]!.first}`, mode: 'together' }, evidence, episodes }
}

/** The causes that were taken for it at first: each explains a part. */
const rejectedOf = (units: readonly Unit[]): CauseEvidence['rejected'] =>
  units
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.devices - a.devices)
    .slice(0, sharedKept)
    .map(({ explanation: { cause, evidence } }) => ({
      kind: cause.kind,
      key: cause.key,
      down: evidence.down,
      of: evidence.of,
    }))

/** What nearly all of them share, the narrowest first. */
function sharedBy(episodes: readonly Episode[], topology: Topology): NonNullable<CauseEvidence['shared']> {
  const counts = new Map<NodeId, number>()
  for (const { device } of episodes)
    for (const node of [...(topology.nodes.get(device) ?? []), ...(topology.traits.get(device) ?? [])])
      counts.set(node, (counts.get(node) ?? 0) + 1)
  return [...counts]
    .filter(([, down]) => down >= sharedShare * episodes.length)
    .map(([node, down]) => ({
      kind: kindOf(node),
      key: keyOf(node),
      down,
      of: topology.behind.get(node)?.size ?? down,
    }))
    .sort((a, b) => a.of - b.of || (a.key < b.key ? -1 : 1))
    .slice(0, sharedKept)
}
