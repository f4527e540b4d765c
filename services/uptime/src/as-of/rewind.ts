/**
 * A figure as it was known at an instant: the figure of now, less what the devices of which something else is known since have in it, with
 * what was known of them then. So it costs what has changed, not what there is.
 */
import type { Span } from '@hub/core'
import { dueIn, type Tenure } from '../device-time.ts'
import { bucketAt, keyOf, passes, type Question } from '../question.ts'
import type { Past } from './past.ts'

type Group = { key: string[]; devices: number }

/** @param groups of the period, with their devices as of now: they become those of then */
export function rewind(question: Question, past: Past, at: number, groups: Group[]): Group[] {
  const { accounts, buckets, tally, by } = question
  const period = { from: buckets[0]!.from, to: buckets.at(-1)!.to }
  const then = past.accounts(at)
  const byName = new Map(groups.map((group) => [group.key.join('\u0000'), group]))
  const put = (id: string, tenures: readonly Tenure[], sign: 1 | -1, totals: typeof accounts.totals) => {
    const counted = new Set<string>()
    for (const tenure of tenures) {
      if (!passes(question, id, tenure.values)) continue
      const key = keyOf(by, id, tenure.values)
      const name = key.join('\u0000')
      if (isDue(tenure, period) && !counted.has(name)) {
        counted.add(name)
        const group = byName.get(name) ?? { key, devices: 0 }
        byName.set(name, group)
        group.devices += sign
      }
      for (const [i, time] of totals(tenure, buckets).entries())
        if (time)
          tally.add(
            bucketAt(buckets, buckets[i]!.from),
            key,
            ...([time.up, time.down, time.unknown, time.exempt].map((ms) => sign * ms) as Four),
          )
    }
  }
  for (const id of past.changedSince(at, period)) {
    put(id, accounts.tenures(id), -1, accounts.totals)
    put(id, then.tenures(id), 1, then.totals)
  }
  return [...byName.values()].filter(({ devices }) => devices > 0)
}

type Four = [number, number, number, number]

function isDue(tenure: Tenure, period: Span): boolean {
  const { from, to } = dueIn(tenure, period)
  return from < to
}
