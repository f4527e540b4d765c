/** How well failures were put together. A pair is two different devices: a device is no pair with itself. */
import type { Group } from './replay.ts'
import type { Placement, Scenario } from './types.ts'

/** Pairs put together, truly together, and both; and of all failures those that were put together with one of another cause. */
export type Pairs = { both: number; grouped: number; truly: number; placed: number; mixed: number }
/** A placement that counts: its cause, and the group that it was put in. */
export type Placed = { truth: number; group: string; device: string }

export const noPairs = (): Pairs => ({ both: 0, grouped: 0, truly: 0, placed: 0, mixed: 0 })

export function pairsOf(placed: readonly Placed[]): Pairs {
  const sum = (key: (p: Placed) => string | number) =>
    [...Map.groupBy(placed, key).values()].reduce((all, { length: n }) => all + (n * (n - 1)) / 2, 0)
  const groups = [...Map.groupBy(placed, (p) => p.group).values()]
  const mixed = groups.filter((members) => members.some((p) => p.truth !== members[0]!.truth))
  return {
    both: sum((p) => `${p.truth} ${p.group}`),
    grouped: sum((p) => p.group),
    truly: sum((p) => p.truth),
    placed: placed.length,
    mixed: mixed.reduce((all, { length }) => all + length, 0),
  }
}

export function addPairs(a: Pairs, b: Pairs): Pairs {
  const sum = noPairs()
  for (const key of Object.keys(sum) as (keyof Pairs)[]) sum[key] = a[key] + b[key]
  return sum
}

export function f1({ both, grouped, truly, placed, mixed }: Pairs): { precision: number; recall: number; f1: number } {
  const precision = grouped > 0 ? both / grouped : 1
  const recall = truly > 0 ? both / truly : 1
  // Where nothing belongs together: the share that was left alone.
  return { precision, recall, f1: truly === 0 ? 1 - mixed / Math.max(1, placed) : (2 * both) / (grouped + truly) }
}

/** @param groupOf the group of a placement; null: in none */
export function place(scenario: Scenario, groupOf: (m: Placement) => string | null): Placed[] {
  return scenario.causes.flatMap(({ members }, truth) =>
    members
      .filter((m) => !m.ungraded)
      .map((m, n) => ({ truth, device: m.device, group: groupOf(m) ?? `none ${truth} ${n}` })),
  )
}

/** What is seen lags behind what happens by some probes. */
const lagMs = 60_000

/** The outage in which a device was for the longest part of that time. */
export function longest(groups: Iterable<Pick<Group, 'id' | 'episodes'>>): (m: Placement) => string | null {
  const of = new Map<string, { group: string; from: number; to: number | null }[]>()
  for (const { id, episodes } of groups)
    for (const { device, from, to } of episodes) {
      const list = of.get(device)
      if (list) list.push({ group: id, from, to })
      else of.set(device, [{ group: id, from, to }])
    }
  return ({ device, from, to }) => {
    const time = new Map<string, number>()
    for (const e of of.get(device) ?? []) {
      const shared = Math.min(e.to ?? 1e15, (to ?? 1e15) + lagMs) - Math.max(e.from, from - lagMs)
      if (shared > 0) time.set(e.group, (time.get(e.group) ?? 0) + shared)
    }
    return [...time].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
  }
}
