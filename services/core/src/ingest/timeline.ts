/**
 * The timeline by its definition: slow, without runs and without a machine. It is the reference that the machine, the
 * folding and the end-to-end tests are held against, so it shares nothing with them but the rule for ties.
 */
import type { DeviceState, Interval, Rule } from '@hub/contracts'
import { policyAt } from './dated.ts'
import { openRun, validityOf } from './runs.ts'
import { prevails } from './tie.ts'
import type { Evidence, HealthPolicy } from './types.ts'

const means = { pass: 'up', degraded: 'degraded', fail: 'down', blind: 'unknown' } as const

/** Intervals of all observations (in any order, duplicates allowed). The last one is open; `until`: what is stale by then is unknown. */
export function timelineOf(observations: readonly Evidence[], policy: HealthPolicy, until = 0): Interval[] {
  const ordered = oneAnInstant(observations, policy)
  const intervals: Interval[] = []
  const begin = (from: number, state: DeviceState, rule: Rule) => {
    const last = intervals.pop()
    if (last) intervals.push({ ...last, to: from })
    intervals.push({ from, to: null, state, rule })
  }
  const present = () => intervals.at(-1)?.state

  for (const fresh of cut(ordered, (a, b) => b.at > a.at + validityOf(a, policy))) {
    for (const alike of cut(fresh, (a, b) => a.verdict !== b.verdict)) {
      const first = alike[0]!
      const state = means[first.verdict]
      const confirming = alike.findIndex(({ at }, n) => n + 1 >= policyAt(policy, at).confirm[state])
      const { at, rung, reason } = alike[confirming] ?? {}
      if (at === undefined || state === present()) continue
      const needed = policyAt(policy, at).confirm[state]
      begin(first.at, state, { id: 'confirmed', rung, reason, count: needed, needed, firstAt: first.at, lastAt: at })
    }
    const last = fresh.at(-1)!
    const stale = last.at + validityOf(last, policy)
    const ended = last !== ordered.at(-1) || until > stale
    if (ended && present() !== 'unknown')
      begin(stale, 'unknown', {
        id: 'stale',
        count: 0,
        needed: policyAt(policy, last.at).staleAfter,
        firstAt: last.at,
        lastAt: stale,
      })
  }
  return intervals
}

function oneAnInstant(observations: readonly Evidence[], policy: HealthPolicy): Evidence[] {
  const one = (observation: Evidence) => openRun(observation, validityOf(observation, policy))
  return [...observations]
    .sort((a, b) => a.at - b.at || (prevails(one(a), one(b)) ? -1 : 1))
    .filter((observation, i, all) => observation.at !== all[i - 1]?.at)
}

/** Cuts a list wherever two neighbours are apart. */
function cut<T>(list: readonly T[], apart: (a: T, b: T) => boolean): T[][] {
  const pieces: T[][] = []
  for (const [i, item] of list.entries()) {
    if (i === 0 || apart(list[i - 1]!, item)) pieces.push([])
    pieces.at(-1)!.push(item)
  }
  return pieces
}
