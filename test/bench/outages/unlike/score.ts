/** What is counted of one scenario: pairs, names, what was told, what was left open. */
import { addPairs, longest, noPairs, type Pairs, type Placed, pairsOf, place } from './pairs.ts'
import type { Group, Replayed, Told } from './replay.ts'
import type { Cause, Name, Scenario } from './types.ts'

const counts = {
  /** Causes of several devices, and of these named rightly. */
  causes: 0,
  right: 0,
  /** Causes that somebody must be told of, and of these not told in time. */
  due: 0,
  neverTold: 0,
  /** Devices that failed by themselves, and of these put together with others. */
  lone: 0,
  loneMerged: 0,
  /** Causes that are over, and of these still open minutes after. */
  ended: 0,
  leftOpen: 0,
  notices: 0,
}
export type Score = typeof counts & {
  pairs: Pairs
  /** Of causes named with a probability, by tenths: how many, and how many rightly. */
  named: [count: number, right: number][]
}
export const noScore = (): Score => ({ ...counts, pairs: noPairs(), named: [] })

export function addScores(a: Score, b: Score): Score {
  const sum = noScore()
  for (const key of Object.keys(counts) as (keyof typeof counts)[]) sum[key] = a[key] + b[key]
  sum.pairs = addPairs(a.pairs, b.pairs)
  for (let n = 0; n < 10; n++) {
    const [x, y] = [a.named[n], b.named[n]]
    if (x || y) sum.named[n] = [(x?.[0] ?? 0) + (y?.[0] ?? 0), (x?.[1] ?? 0) + (y?.[1] ?? 0)]
  }
  return sum
}

const minute = 60_000
const tellWithinMs = 10 * minute

export function score(scenario: Scenario, r: Replayed): Score {
  const find = longest(r.groups.values())
  const placed = place(scenario, (m) => (m.askedAt === undefined ? find(m) : (r.asked.get(m) ?? null)))
  const byGroup = Map.groupBy(placed, (p) => p.group)
  const s = noScore()
  s.pairs = pairsOf(placed)
  for (const [truth, members] of Map.groupBy(placed, (p) => p.truth)) {
    const cause = scenario.causes[truth]!
    const [id, held] = [...Map.groupBy(members, (m) => m.group)].sort((a, b) => b[1].length - a[1].length)[0]!
    const group = r.groups.get(id)
    if (cause.lone) {
      s.lone++
      if (byGroup.get(id)!.some((p) => p.truth !== truth)) s.loneMerged++
    } else name(s, group, group !== undefined && isRight(cause, members, held, byGroup.get(id)!, group, r))
    if (r.lingering.has(cause)) {
      s.ended++
      if (r.lingering.get(cause)!.has(id)) s.leftOpen++
    }
    if (cause.due) {
      s.due++
      if (!isTold(cause, r.told)) s.neverTold++
    }
  }
  s.notices = r.told.length - tolerated(scenario, r.told)
  return s
}

function name(s: Score, group: Group | undefined, right: boolean): void {
  s.causes++
  if (right) s.right++
  if (group?.probability == null) return
  const tenth = Math.min(9, Math.floor(group.probability * 10))
  const [count, rightly] = s.named[tenth] ?? [0, 0]
  s.named[tenth] = [count + 1, rightly + (right ? 1 : 0)]
}

const fits = ({ kind, keys, modes, notModes }: Name, group: Group): boolean =>
  kind === group.kind &&
  (!keys || keys.some((key) => (kind === 'attribute' ? group.key.includes(key) : group.key === key))) &&
  (!modes || modes.includes(group.mode)) &&
  !notModes?.includes(group.mode)

/**
 * Named as the truth allows, or by a thing behind which the record has the same devices: nobody could tell these apart. A name without
 * a key (a place, a moment) says what it is of by its members alone: these have to be most of the cause, and mostly of it.
 */
function isRight(
  cause: Cause,
  members: readonly Placed[],
  held: readonly Placed[],
  all: readonly Placed[],
  group: Group,
  { behind }: Replayed,
): boolean {
  const most = 2 * held.length > members.length && 2 * held.length > all.length
  if (cause.names.some((name) => fits(name, group) && (name.keys || most))) return true
  if (['device', 'flapping', 'gateway'].includes(group.kind)) return false
  const devices = new Set(cause.members.map((m) => m.device))
  const named = [...behind(group.kind, group.key)]
  return named.length >= 0.9 * devices.size && named.every((id) => devices.has(id))
}

/** Told of when notifications within its time, each mostly of it or of most of it, spoke of half of its devices. */
function isTold({ due, members }: Cause, told: readonly Told[]): boolean {
  const own = new Set(members.filter((m) => !m.ungraded && m.from <= due!.from + minute).map((m) => m.device))
  const spoken = new Set<string>()
  for (const { at, devices } of told) {
    if (at < due!.notBefore || at > due!.from + tellWithinMs) continue
    const of = devices.filter((d) => own.has(d))
    if (2 * of.length >= Math.min(devices.length, own.size)) for (const d of of) spoken.add(d)
  }
  return 2 * spoken.size >= own.size
}

/** Notifications of what need not be told and may be: the first of each is no fault. */
function tolerated({ causes }: Scenario, told: readonly Told[]): number {
  return causes.filter(({ mayTell, members, from }) => {
    const own = new Set(members.map((m) => m.device))
    return (
      mayTell && told.some((t) => t.at >= from && 2 * t.devices.filter((d) => own.has(d)).length > t.devices.length)
    )
  }).length
}
