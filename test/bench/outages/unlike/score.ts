/** How well a grouping of failures meets the truth. A pair is two different devices: a device is no pair with itself. */
import type { Group, Replayed, Told } from './replay.ts'
import type { Cause, Placement, Scenario } from './types.ts'

export type Pairs = { both: number; grouped: number; truly: number }
/** A placement that counts: its cause, and the group that it was put in. */
export type Placed = { truth: number; group: string; device: string }
export type Score = {
  pairs: Pairs
  /** Causes of several devices, and of these named rightly. */
  causes: number
  right: number
  due: number
  neverTold: number
  lone: number
  loneMerged: number
  ended: number
  leftOpen: number
  notices: number
  /** Of causes named with a probability, by tenths: how many, and how many rightly. */
  named: [count: number, right: number][]
}

const minute = 60_000
const tellWithinMs = 10 * minute

export function pairsOf(placed: readonly Placed[]): Pairs {
  const sum = (key: (p: Placed) => string | number) =>
    [...Map.groupBy(placed, key).values()].reduce((all, { length: n }) => all + (n * (n - 1)) / 2, 0)
  return { both: sum((p) => `${p.truth} ${p.group}`), grouped: sum((p) => p.group), truly: sum((p) => p.truth) }
}

export function f1({ both, grouped, truly }: Pairs): { precision: number; recall: number; f1: number } {
  const precision = grouped > 0 ? both / grouped : 1
  const recall = truly > 0 ? both / truly : 1
  // Nothing belongs together: putting anything together is all wrong.
  const all = grouped === 0 && truly === 0 ? 1 : (2 * both) / (grouped + truly)
  return { precision, recall, f1: all }
}

/** @param groupOf the group of a placement; null: in none */
export function place(scenario: Scenario, groupOf: (m: Placement) => string | null): Placed[] {
  return scenario.causes.flatMap(({ members }, truth) =>
    members
      .filter((m) => !m.ungraded)
      .map((m, n) => ({ truth, device: m.device, group: groupOf(m) ?? `none ${truth} ${n}` })),
  )
}

/** The outage in which a device was for the longest part of that time. */
export function longest(groups: Iterable<Group>): (m: Placement) => string | null {
  const of = new Map<string, { group: string; from: number; to: number | null }[]>()
  for (const { id, episodes } of groups)
    for (const { device, from, to } of episodes) {
      const list = of.get(device) ?? []
      list.push({ group: id, from, to })
      of.set(device, list)
    }
  return (m) => {
    const time = new Map<string, number>()
    for (const e of of.get(m.device) ?? []) {
      // What is seen lags behind what happens by some probes.
      const shared = Math.min(e.to ?? Infinity, (m.to ?? Infinity) + minute) - Math.max(e.from, m.from - minute)
      if (shared > 0) time.set(e.group, (time.get(e.group) ?? 0) + Math.min(shared, 1e12))
    }
    return [...time].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
  }
}

export function score(scenario: Scenario, r: Replayed): Score {
  const find = longest(r.groups.values())
  const placed = place(scenario, (m) => (m.askedAt === undefined ? find(m) : (r.asked.get(m.device) ?? null)))
  const byTruth = Map.groupBy(placed, (p) => p.truth)
  const byGroup = Map.groupBy(placed, (p) => p.group)
  const s: Score = {
    pairs: pairsOf(placed),
    causes: 0,
    right: 0,
    due: 0,
    neverTold: 0,
    lone: 0,
    loneMerged: 0,
    ended: 0,
    leftOpen: 0,
    notices: 0,
    named: [],
  }
  for (const [truth, members] of byTruth) {
    const cause = scenario.causes[truth]!
    const main = [...Map.groupBy(members, (m) => m.group)].sort((a, b) => b[1].length - a[1].length)[0]![0]
    const group = r.groups.get(main)
    if (cause.lone) {
      s.lone++
      if (byGroup.get(main)!.some((p) => p.truth !== truth)) s.loneMerged++
    } else {
      s.causes++
      const right = group !== undefined && isRight(cause, group, r)
      if (right) s.right++
      if (group?.probability != null) {
        const tenth = Math.min(9, Math.floor(group.probability * 10))
        const [count, rightly] = s.named[tenth] ?? [0, 0]
        s.named[tenth] = [count + 1, rightly + (right ? 1 : 0)]
      }
    }
    if (cause.to !== null && cause.to < scenario.to - 5 * minute && group) {
      s.ended++
      if (group.open) s.leftOpen++
    }
    if (cause.due) {
      s.due++
      if (!isTold(cause, r.told)) s.neverTold++
    }
  }
  s.notices = r.told.length - tolerated(scenario, r.told)
  return s
}

/** Named as the truth allows, or by a thing behind which the record has the same devices: nobody could tell these apart. */
function isRight(cause: Cause, group: Group, { behind }: Replayed): boolean {
  const fits = cause.names.some(
    ({ kind, keys, modes, notModes }) =>
      kind === group.kind &&
      (!keys || keys.some((key) => (kind === 'attribute' ? group.key.includes(key) : group.key === key))) &&
      (!modes || modes.includes(group.mode)) &&
      !notModes?.includes(group.mode),
  )
  if (fits) return true
  if (['device', 'flapping', 'gateway'].includes(group.kind)) return false
  const members = new Set(cause.members.map((m) => m.device))
  const named = [...behind(group.kind, group.key)]
  return named.length >= 0.9 * members.size && named.every((id) => members.has(id))
}

/** Told of when notifications within its time, each mostly of it or of most of it, spoke of half of its devices. */
function isTold(cause: Cause, told: readonly Told[]): boolean {
  const members = new Set(cause.members.filter((m) => !m.ungraded).map((m) => m.device))
  const spoken = new Set<string>()
  for (const { at, devices } of told) {
    if (at < cause.due!.notBefore || at > cause.due!.from + tellWithinMs) continue
    const own = devices.filter((d) => members.has(d))
    if (2 * own.length >= devices.length || 2 * own.length >= members.size) for (const d of own) spoken.add(d)
  }
  return 2 * spoken.size >= members.size
}

/** Notifications of what need not be told and may be, the first of each. */
function tolerated(scenario: Scenario, told: readonly Told[]): number {
  let count = 0
  for (const cause of scenario.causes.filter((c) => c.mayTell)) {
    const members = new Set(cause.members.map((m) => m.device))
    if (
      told.some(
        (t) =>
          t.devices.length > 0 &&
          2 * t.devices.filter((d) => members.has(d)).length > t.devices.length &&
          t.at >= cause.from,
      )
    )
      count++
  }
  return count
}

export const noScore = (): Score => ({
  pairs: { both: 0, grouped: 0, truly: 0 },
  causes: 0,
  right: 0,
  due: 0,
  neverTold: 0,
  lone: 0,
  loneMerged: 0,
  ended: 0,
  leftOpen: 0,
  notices: 0,
  named: [],
})

export function addScores(a: Score, b: Score): Score {
  const sum = noScore()
  for (const key of [
    'causes',
    'right',
    'due',
    'neverTold',
    'lone',
    'loneMerged',
    'ended',
    'leftOpen',
    'notices',
  ] as const)
    sum[key] = a[key] + b[key]
  for (const key of ['both', 'grouped', 'truly'] as const) sum.pairs[key] = a.pairs[key] + b.pairs[key]
  for (let n = 0; n < 10; n++) {
    const [x, y] = [a.named[n], b.named[n]]
    if (x || y) sum.named[n] = [(x?.[0] ?? 0) + (y?.[0] ?? 0), (x?.[1] ?? 0) + (y?.[1] ?? 0)]
  }
  return sum
}
