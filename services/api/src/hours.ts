/** The online rate hour by hour: from the buckets of the history where it groups by what is asked, exactly from the intervals otherwise. */
import { districtCodes, HubError, inScope, type Scope, type UptimeFilter, type UptimeSeries } from '@hub/contracts'
import { addTotals, onlineRate, type Span, type Totals } from '@hub/core'
import {
  type AdjustmentIndex,
  accountDevices,
  type History,
  type RecordStore,
  type RecordTables,
  type TrendGroup,
} from '@hub/platform'
import type { Kysely } from 'kysely'
import { turn } from './turn.ts'

type Point = UptimeSeries['points'][number]
export type HoursQuestion = { scope: Scope; filter: UptimeFilter; period: Span; signal: AbortSignal }
type Deps = { record: RecordStore; history: History; adjustments: AdjustmentIndex }

const hourMs = 3_600_000
const longestExactDays = 3
const longestDays = 31
/** Milliseconds of one slice. */
const sliceMs = 8

/** Every hour that the period touches, oldest first. @throws HubError `request.invalid` when the period is too long */
export function hoursOf(question: HoursQuestion, deps: Deps): Promise<Point[]> {
  const { period, filter } = question
  if (period.from >= period.to) return Promise.resolve([])
  const group = groupOf(filter)
  const days = group ? longestDays : longestExactDays
  if (period.to - period.from > days * 24 * hourMs)
    throw new HubError('request.invalid', {
      ...{ field: 'from', value: period.from, limit: `at most ${days} days before to, hour by hour` },
    })
  return group ? fromHistory(question, group, deps.history) : fromIntervals(question, deps)
}

/** What the history sums by, when that tells the devices that the filter chooses from the others. */
function groupOf({ district: _, ...filter }: UptimeFilter): TrendGroup | undefined {
  const asked = Object.entries(filter).flatMap(([name, values]) => (values === undefined ? [] : [name]))
  if (asked.length === 0) return 'city'
  return asked.length === 1 && (asked[0] === 'application' || asked[0] === 'carrier') ? asked[0] : undefined
}

const hourStart = (at: number): number => Math.floor(at / hourMs) * hourMs

const pointOf = (at: number, totals: Totals): Point => ({ at, ...totals, rate: onlineRate(totals) })

async function fromHistory(
  { scope, filter, period }: HoursQuestion,
  group: TrendGroup,
  history: History,
): Promise<Point[]> {
  const { district } = filter
  const narrowed = district ? districtCodes.filter((code) => district.includes(code) && inScope(scope, code)) : scope
  const wanted: readonly string[] | undefined = filter.application ?? filter.carrier
  const [from, to] = [hourStart(period.from), hourStart(period.to - 1) + hourMs]
  const rows = await history.trend({ scope: narrowed, from, to, stepMs: hourMs, group })
  const hours = new Map<number, Totals[]>()
  for (const { at, group: key, upMs, downMs, unknownMs, exemptMs } of rows) {
    if (wanted && !wanted.includes(key)) continue
    const list = hours.get(at) ?? []
    list.push({ up: upMs, down: downMs, unknown: unknownMs, exempt: exemptMs })
    hours.set(at, list)
  }
  return [...hours].sort(([a], [b]) => a - b).map(([at, totals]) => pointOf(at, addTotals(totals)))
}

async function fromIntervals({ scope, filter, period, signal }: HoursQuestion, deps: Deps): Promise<Point[]> {
  const { record, adjustments } = deps
  const hours: Span[] = []
  for (let at = period.from; at < period.to; at = hourStart(at) + hourMs)
    hours.push({ from: at, to: Math.min(period.to, hourStart(at) + hourMs) })
  const sums = hours.map((): Totals => ({ up: 0, down: 0, unknown: 0, exempt: 0 }))
  const ids = await chosen(record.db, scope, filter)
  const accounts = accountDevices(record.sqlite, adjustments)
  for (let next = 0; next < ids.length && !signal.aborted; ) {
    next = await record.commit(() => {
      adjustments.reload()
      const until = performance.now() + sliceMs
      let at = next
      while (at < ids.length && performance.now() < until) {
        const device = accounts.find(ids[at++]!)
        for (const [i, totals] of (device ? accounts.totals(device, hours) : []).entries())
          if (totals) sums[i] = addTotals([sums[i]!, totals])
      }
      return at
    })
    await turn()
  }
  return hours.map(({ from }, i) => pointOf(hourStart(from), sums[i]!))
}

async function chosen(db: Kysely<RecordTables>, scope: Scope, filter: UptimeFilter): Promise<string[]> {
  let query = db.selectFrom('device').select('id').where('in_service_from', 'is not', null)
  if (scope !== 'city') query = query.where('district', 'in', [...scope])
  const { district, application, carrier, pointType, project, zone, device } = filter
  if (district) query = query.where('district', 'in', district)
  if (application) query = query.where('application', 'in', application)
  if (carrier) query = query.where('carrier', 'in', carrier)
  if (pointType) query = query.where('point_type', 'in', pointType)
  if (project) query = query.where(({ fn, val, eb }) => eb(fn.coalesce('project', val('')), 'in', project))
  if (zone) query = query.where(({ fn, val, eb }) => eb(fn.coalesce('zone', val('')), 'in', zone))
  if (device) query = query.where('id', 'in', device)
  return (await query.orderBy('id').execute()).map(({ id }) => id)
}
