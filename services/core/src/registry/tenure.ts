/**
 * The dated record of one device: tenures, stretches of its time under one set of attributes. They lie side by side, ascending; the first
 * one is since ever, the last one without an end.
 */
import type { Span } from '../common/time/span.ts'

export type Tenure = {
  /** When the attributes are true: half-open; 0: ever, null: no end. */
  since: number
  until: number | null
  /** The due time in it. Null: none; a null `to`: no end. */
  from: number | null
  to: number | null
}

/** What is said anew of a stretch of the past. `due`: whether the device was due in it; absent: as it was. */
type Restatement<T extends Tenure> = Span & {
  due?: boolean | undefined
  set(tenure: T): T
}

/** The tenures after a stretch has been said anew. @param same whether two have the same attributes: neighbours that do become one */
export function restate<T extends Tenure>(
  tenures: readonly T[],
  { due, set, ...span }: Restatement<T>,
  same: (a: T, b: T) => boolean,
): T[] {
  const said = tenures.flatMap((tenure) => {
    const inside = cut(tenure, span.from, span.to)
    if (!inside) return [tenure]
    const new_ = set(due === undefined ? inside : { ...inside, ...dueAll(inside, due) })
    return [cut(tenure, 0, span.from), new_, cut(tenure, span.to, null)].flatMap((part) => part ?? [])
  })
  const joinedUp: T[] = []
  for (const tenure of said) {
    const last = joinedUp.at(-1)
    const one = last && same(last, tenure) ? joined(last, tenure) : undefined
    if (one) joinedUp[joinedUp.length - 1] = one
    else joinedUp.push(tenure)
  }
  return joinedUp
}

/** The part of a tenure that lies in `[from, to)`; undefined where there is none. */
function cut<T extends Tenure>(tenure: T, from: number, to: number | null): T | undefined {
  const since = Math.max(tenure.since, from)
  const until = earlier(tenure.until, to)
  if (until !== null && since >= until) return undefined
  return { ...tenure, since, until, ...dueWithin(tenure, since, until) }
}

function dueWithin({ from, to }: Tenure, since: number, until: number | null): Pick<Tenure, 'from' | 'to'> {
  if (from === null) return { from: null, to: null }
  const due = { from: Math.max(from, since), to: earlier(to, until) }
  return due.to !== null && due.from >= due.to ? { from: null, to: null } : due
}

const dueAll = ({ since, until }: Tenure, due: boolean): Pick<Tenure, 'from' | 'to'> =>
  due ? { from: since, to: until } : { from: null, to: null }

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)

/** Two neighbours of the same attributes as one; undefined where their due time is not one span. */
function joined<T extends Tenure>(a: T, b: T): T | undefined {
  if (a.from !== null && b.from !== null && a.to !== b.from) return undefined
  return { ...a, until: b.until, from: a.from ?? b.from, to: b.from === null ? a.to : b.to }
}
