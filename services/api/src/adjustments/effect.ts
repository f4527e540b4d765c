/**
 * What an exemption or correction does to the figures: the time of its devices on the days that it reaches into, without it and with it.
 * Computed from the intervals in slices, so that acknowledgements never wait for it.
 */
import type { Adjustment, AdjustmentEffect, DistrictCode, Scope } from '@hub/contracts'
import {
  type AdjustableDevice,
  accountEach,
  addTotals,
  type Claim,
  coverage,
  dayStart,
  intersectSpans,
  onlineRate,
  type Span,
  type Timed,
  type Totals,
  unionSpans,
  windowsOf,
} from '@hub/core'
import { type AdjustmentIndex, listCovered, type RecordStore } from '@hub/platform'
import { turn } from '../turn.ts'

type Asked = Pick<Adjustment, 'countAs' | 'scope' | 'within' | 'from' | 'to' | 'recurrence'> & { id?: string }
type Deps = { record: RecordStore; index: AdjustmentIndex; scope: Scope; now: number; signal: AbortSignal }

const dayMs = 86_400_000
/** Milliseconds of one slice. */
const sliceMs = 8
/** Days of devices at most. Of a longer or wider one the last days are shown: `from` says since when. */
const mostDeviceDays = 2_000_000

type Row = AdjustableDevice & { from: number; to: number | null }

export async function effectOfAdjustment(asked: Asked, deps: Deps): Promise<AdjustmentEffect> {
  const { record, scope, signal } = deps
  const ids = await record.commit((sqlite) => listCovered(sqlite, asked, scope))
  const days = touchedDays(asked, deps.now, Math.max(1, Math.floor(mostDeviceDays / Math.max(1, ids.length))))
  const whole = { from: days[0]?.from ?? asked.from, to: days.at(-1)?.to ?? asked.from }
  const own = claimsOf(asked, whole, deps.now)
  const others = await record.commit(() => {
    deps.index.reload()
    return deps.index
      .touching(whole)
      .filter((other) => other.id !== asked.id)
      .map((other) => ({ covers: coverage(other), claims: claimsOf(other, whole, other.decidedAt ?? 0) }))
  })
  const districts = new Map<string, { devices: number; before: Totals[]; after: Totals[] }>()
  for (let next = 0; next < ids.length && !signal.aborted; ) {
    next = await record.commit((sqlite) => {
      const device = sqlite.prepare(
        `SELECT id, district, carrier, application, kind, pole, feed, in_service_from AS "from", in_service_to AS "to"
         FROM device WHERE id = ? AND in_service_from IS NOT NULL`,
      )
      const intervals = sqlite.prepare(
        `SELECT from_at AS "from", to_at AS "to", state FROM interval WHERE device = ? AND from_at < ? AND from_at >=
         coalesce((SELECT max(from_at) FROM interval WHERE device = ? AND from_at <= ?), 0) ORDER BY from_at`,
      )
      const until = performance.now() + sliceMs
      let at = next
      while (at < ids.length && performance.now() < until) {
        const id = ids[at++]!
        const row = device.get(id) as Row | undefined
        const due = row ? intersectSpans(days, [{ from: row.from, to: row.to ?? whole.to }]) : []
        if (!row || due.length === 0) continue
        const timed = intervals.all(id, whole.to, id, whole.from) as Timed[]
        const before = others.flatMap((other) => (other.covers(row) ? other.claims : []))
        const group = districts.get(row.district) ?? { devices: 0, before: [], after: [] }
        districts.set(row.district, group)
        group.devices++
        group.before = [addTotals([...group.before, ...accountEach(timed, due, before)])]
        group.after = [addTotals([...group.after, ...accountEach(timed, due, [...before, ...own])])]
      }
      return at
    })
    await turn()
  }
  const groups = [...districts].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...{ devices: ids.length, from: whole.from, to: whole.to },
    ...compared(
      groups.flatMap(([, g]) => g.before),
      groups.flatMap(([, g]) => g.after),
    ),
    districts: groups.map(([district, { devices, before, after }]) => ({
      ...{ district: district as DistrictCode, devices },
      ...compared(before, after),
    })),
  }
}

function compared(befores: readonly Totals[], afters: readonly Totals[]) {
  const [before, after] = [addTotals(befores), addTotals(afters)]
  return { before, after, rateBefore: onlineRate(before), rateAfter: onlineRate(after) }
}

const claimsOf = (a: Asked, within: Span, decidedAt: number): Claim[] =>
  windowsOf(a, within).map((window) => ({ ...window, countAs: a.countAs, decidedAt }))

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
