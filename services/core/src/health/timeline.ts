/**
 * The timeline by its definition: slow, without runs and without a machine. It is the reference that the machine, the
 * folding and the end-to-end tests are held against, so it shares nothing with them but the rule for ties.
 */
import type { DeviceState, Interval, Rule } from '@hub/contracts'
import { openRun, vouchOf } from './runs.ts'
import { prevails } from './tie.ts'
import type { HealthPolicy, Look } from './types.ts'

const means = { pass: 'up', degraded: 'degraded', fail: 'down', blind: 'unknown' } as const

/** Intervals of all looks (in any order, duplicates allowed). The last one is open; `until`: what is stale by then is unknown. */
export function timelineOf(looks: readonly Look[], policy: HealthPolicy, until = 0): Interval[] {
  const ordered = oneAnInstant(looks, policy)
  const intervals: Interval[] = []
  const begin = (from: number, state: DeviceState, rule: Rule) => {
    const last = intervals.pop()
    if (last) intervals.push({ ...last, to: from })
    intervals.push({ from, to: null, state, rule })
  }
  const present = () => intervals.at(-1)?.state

  for (const fresh of cut(ordered, (a, b) => b.at > a.at + vouchOf(a, policy))) {
    for (const alike of cut(fresh, (a, b) => a.verdict !== b.verdict)) {
      const first = alike[0]!
      const state = means[first.verdict]
      const needed = policy.confirm[state]
      const { at, rung, reason } = alike[needed - 1] ?? {}
      if (at === undefined || state === present()) continue
      begin(first.at, state, { id: 'confirmed', rung, reason, count: needed, needed, firstAt: first.at, lastAt: at })
    }
    const last = fresh.at(-1)!
    const stale = last.at + vouchOf(last, policy)
    const ended = last !== ordered.at(-1) || until > stale
    if (ended && present() !== 'unknown')
      begin(stale, 'unknown', { id: 'stale', count: 0, needed: policy.staleAfter, firstAt: last.at, lastAt: stale })
  }
  return intervals
}

function oneAnInstant(looks: readonly Look[], policy: HealthPolicy): Look[] {
  const one = (look: Look) => openRun(look, vouchOf(look, policy))
  return [...looks]
    .sort((a, b) => a.at - b.at || (prevails(one(a), one(b)) ? -1 : 1))
    .filter((look, i, all) => look.at !== all[i - 1]?.at)
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
