/**
 * What an adjustment does to the figures: the time of its devices on the days that it reaches into, without it and with it.
 * Computed from the intervals in slices, so that acknowledgements never wait for it.
 */
import type { Adjustment, AdjustmentEffect, DistrictCode, Scope } from '@hub/contracts'
import {
  accountEach,
  addTotals,
  type Claim,
  coverage,
  dayStart,
  onlineRate,
  type Span,
  type Totals,
  unionSpans,
  windowsOf,
} from '@hub/core'
import type { Exemptions } from '@hub/platform'
import { type RecordStore, yieldToEventLoop } from '@hub/platform'
import { listCovered } from '../covered.ts'
import { accountDevices, dueIn, type Tenure } from '../device-time.ts'
import { attributes } from '../narrowing.ts'
import { restateTenures } from './record-change.ts'

type Asked = Pick<Adjustment, 'countAs' | 'change' | 'scope' | 'within' | 'from' | 'to' | 'recurrence'> & {
  id?: string
}
type Deps = { record: RecordStore; index: Exemptions; scope: Scope; now: number; signal: AbortSignal }

const dayMs = 86_400_000
/** Milliseconds of one slice. */
const sliceMs = 8
/** Days of devices at most. Of a longer or wider one the last days are shown: `from` says since when. */
const mostDeviceDays = 2_000_000

export async function effectOfAdjustment(asked: Asked, deps: Deps): Promise<AdjustmentEffect> {
  const { record, scope, signal } = deps
  const ids = await record.commit((sqlite) => listCovered(sqlite, asked, scope))
  const days = touchedDays(asked, deps.now, Math.max(1, Math.floor(mostDeviceDays / Math.max(1, ids.length))))
  const whole = { from: days[0]?.from ?? asked.from, to: days.at(-1)?.to ?? asked.from }
  const others = await record.commit(() => {
    deps.index.reload()
    return deps.index
      .touching(whole)
      .filter((other) => other.id !== asked.id)
      .map((other) => ({ covers: coverage(other), claims: claimsOf(other, whole, other.decidedAt ?? 0) }))
  })
  const { countAs } = asked
  const own = countAs
    ? { covers: coverage(asked), claims: claimsOf({ ...asked, countAs }, whole, deps.now) }
    : undefined
  const accounts = accountDevices(record.sqlite, deps.index)
  const figures = new Figures()
  for (let next = 0; next < ids.length && !signal.aborted; ) {
    next = await record.commit(() => {
      const until = performance.now() + sliceMs
      let at = next
      while (at < ids.length && performance.now() < until) addDevice(ids[at++]!)
      return at
    })
    await yieldToEventLoop()
  }
  const rows = figures.rows()
  const districts = rows.flatMap(({ by, key, ...row }) =>
    by === 'district' ? [{ district: key as DistrictCode, ...row }] : [],
  )
  const changed = rows.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
  return {
    from: whole.from,
    to: whole.to,
    ...compared(
      ids.length,
      districts.map(({ before }) => before),
      districts.map(({ after }) => after),
    ),
    districts,
    ...(asked.change && { figures: changed }),
  }

  function addDevice(id: string): void {
    const tenures = accounts.tenures(id)
    const intervals = accounts.intervalsIn(id, whole)
    const account = (tenure: Tenure, all: typeof others) => {
      const due = days.map((day) => dueIn(tenure, day)).filter(({ from, to }) => from < to)
      const claims = all.flatMap(({ covers, claims }) => (covers(tenure) ? claims : []))
      return due.length > 0 ? addTotals(accountEach(intervals, due, claims)) : undefined
    }
    for (const tenure of tenures) figures.add('before', tenure, account(tenure, others))
    const later = asked.change ? restateTenures(tenures, asked, asked.change) : tenures
    for (const tenure of later) figures.add('after', tenure, account(tenure, own ? [...others, own] : others))
  }
}

type Figure = {
  by: (typeof attributes)[number]
  key: string
  devices: number
  last: string
  before: Totals
  after: Totals
}

/** Time by each attribute, before and after. */
class Figures {
  readonly #all = new Map<string, Figure>()

  add(side: 'before' | 'after', { id, values }: Tenure, totals: Totals | undefined): void {
    if (!totals) return
    for (const [i, by] of attributes.entries()) {
      const key = values[i]!
      const name = `${by}\u0000${key}`
      const figure = this.#all.get(name) ?? { by, key, devices: 0, last: '', before: nothing, after: nothing }
      this.#all.set(name, figure)
      figure[side] = addTotals([figure[side], totals])
      if (figure.last !== id) figure.devices++
      figure.last = id
    }
  }

  rows() {
    return [...this.#all.values()]
      .sort((a, b) => attributes.indexOf(a.by) - attributes.indexOf(b.by) || (a.key < b.key ? -1 : 1))
      .map(({ by, key, devices, before, after }) => ({ by, key, ...compared(devices, [before], [after]) }))
  }
}

const nothing: Totals = { up: 0, down: 0, unknown: 0, exempt: 0 }

function compared(devices: number, befores: readonly Totals[], afters: readonly Totals[]) {
  const [before, after] = [addTotals(befores), addTotals(afters)]
  return { devices, before, after, rateBefore: onlineRate(before), rateAfter: onlineRate(after) }
}

const claimsOf = (
  a: Pick<Adjustment, 'from' | 'to' | 'recurrence'> & Pick<Claim, 'countAs'>,
  within: Span,
  decidedAt: number,
): Claim[] => windowsOf(a, within).map((window) => ({ ...window, countAs: a.countAs, decidedAt }))

/** The days of its windows, whole as far as they are past: apart, ascending, the last `most` of them. */
function touchedDays(a: Asked, now: number, most: number): Span[] {
  const past = { from: a.from, to: Math.min(a.to, now) }
  const days: Span[] = windowsOf(a, past).flatMap(({ from, to }) => {
    const list: Span[] = []
    for (let at = dayStart(from); at < to; at += dayMs)
      list.push({ from: Math.max(0, at), to: Math.min(at + dayMs, now) })
    return list
  })
  return unionSpans(unionDays(days).slice(-most))
}

/** Each day once: two windows may touch the same one. */
const unionDays = (days: readonly Span[]): Span[] => [...new Map(days.map((day) => [day.from, day])).values()]
