/** How well failures were put together, and how well their cause was named. */
import type { CorrelatedOutage, Topology } from '@hub/core'
import { nodeOf } from '@hub/core'
import type { Scenario, TrueCause } from './corpus.ts'

/** A failure that was seen: which cause it truly belongs to, and which group it was put in. */
export type Placed = { truth: number; group: string }

export type Pairs = { together: number; grouped: number; truly: number }
export const noPairs: Pairs = { together: 0, grouped: 0, truly: 0 }

/** Pairs of failures put together, truly together, and both. A group of one counts as one, so that lone failures weigh too. */
export function pairsOf(placed: readonly Placed[]): Pairs {
  const pairs = (n: number) => (n * (n + 1)) / 2
  const sum = (groups: Iterable<number>) => [...groups].reduce((a, n) => a + pairs(n), 0)
  const count = (key: (p: Placed) => string | number) =>
    sum([...Map.groupBy(placed, key).values()].map((members) => members.length))
  return {
    together: count((p) => `${p.truth} ${p.group}`),
    grouped: count((p) => p.group),
    truly: count((p) => p.truth),
  }
}

export const addPairs = (a: Pairs, b: Pairs): Pairs => ({
  together: a.together + b.together,
  grouped: a.grouped + b.grouped,
  truly: a.truly + b.truly,
})

export function f1({ together, grouped, truly }: Pairs): { precision: number; recall: number; f1: number } {
  const precision = grouped > 0 ? together / grouped : 1
  const recall = truly > 0 ? together / truly : 1
  return { precision, recall, f1: precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0 }
}

/**
 * Whether the cause named is the true one. Two things behind which are the same devices cannot be told apart by anybody: either
 * name is right. A pole that the record does not name is right as its place.
 */
export function isRight(
  truth: TrueCause,
  { cause }: CorrelatedOutage,
  topology: Topology,
  scenario: Scenario,
): boolean {
  if (cause.kind === truth.kind && cause.key === truth.key) return true
  if (truth.kind === 'device' || truth.kind === 'flapping' || truth.kind === 'gateway') return false
  const failed = new Set(truth.devices)
  const named = [...(topology.behind.get(nodeOf(cause.kind, cause.key)) ?? [])]
  const known = truth.devices.filter((id) => !scenario.unrecorded.has(id))
  return named.length > 0 && named.every((id) => failed.has(id)) && known.every((id) => named.includes(id))
}
