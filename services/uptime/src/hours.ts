/** The online rate hour by hour: from the buckets of the history where it groups by what is asked, exactly from the intervals otherwise. */
import { districtCodes, HubError, inScope, limitText, type UptimeFilter, type UptimePoint } from '@hub/contracts'
import { addTotals, hourMs, onlineRate, type Span, type Totals } from '@hub/core'
import type { History, TrendGroup, Uptime, UptimeSelection } from '@hub/platform'
import type { Underway } from './buckets/underway.ts'
import { startOfHour } from './calendar.ts'

const longestExactDays = 3
const longestDays = 31

type Sources = {
  history: Pick<History, 'trend'>
  exactly(selection: UptimeSelection): Promise<UptimePoint[]>
  underway(span: Span): Promise<Underway>
  /** Hours before it are not kept in the history. */
  keptFrom: number
}

/**
 * Every hour that the period touches, oldest first. An hour that the period cuts is cut; the running one reaches as far as buckets are written.
 * @throws HubError `request.invalid` when the period is too long
 */
export async function hoursOf(selection: UptimeSelection, sources: Sources): ReturnType<Uptime['hours']> {
  const { filter, from, to } = selection
  if (from >= to) return { keptFrom: null, points: [] }
  // The history keeps what is known now.
  const group = selection.asOf === undefined ? groupOf(filter) : undefined
  const days = group ? longestDays : longestExactDays
  if (to - from > days * 24 * hourMs)
    throw new HubError('request.invalid', {
      field: 'from',
      value: from,
      limit: limitText('days-by-hour', { days }),
    })
  if (!group) return { keptFrom: null, points: await sources.exactly(selection) }
  const keptFrom = from < sources.keptFrom ? startOfHour(sources.keptFrom + hourMs - 1) : null
  return { keptFrom, points: await fromHistory(selection, group, sources) }
}

/** What the history sums by, when that tells the devices that the filter chooses from the others. */
function groupOf({ district: _, ...filter }: UptimeFilter): TrendGroup | undefined {
  const asked = Object.entries(filter).flatMap(([name, values]) => (values === undefined ? [] : [name]))
  if (asked.length === 0) return 'city'
  return asked.length === 1 && (asked[0] === 'application' || asked[0] === 'carrier') ? asked[0] : undefined
}

async function fromHistory(
  selection: UptimeSelection,
  group: TrendGroup,
  { history, exactly, underway }: Sources,
): Promise<UptimePoint[]> {
  const { scope, filter, now } = selection
  const period = { from: selection.from, to: Math.min(selection.to, now) }
  const { district } = filter
  const narrowed = district ? districtCodes.filter((code) => district.includes(code) && inScope(scope, code)) : scope
  const wanted: readonly string[] | undefined = filter.application ?? filter.carrier
  const whole = { from: startOfHour(period.from), to: startOfHour(period.to - 1) + hourMs }
  const [rows, { written, pending }, edges] = await Promise.all([
    history.trend({ scope: narrowed, ...whole, stepMs: hourMs, group }),
    underway(whole),
    Promise.all(cutHours(period, now).map((span) => exactly({ ...selection, ...span }))),
  ])
  const hours = new Map<number, Totals[]>()
  for (const { at, group: key, upMs, downMs, unknownMs, exemptMs } of rows) {
    if (wanted && !wanted.includes(key)) continue
    const list = hours.get(at) ?? []
    list.push({ up: upMs, down: downMs, unknown: unknownMs, exempt: exemptMs })
    hours.set(at, list)
  }
  const points = new Map<number, UptimePoint>()
  for (const [at, list] of hours) {
    const totals = addTotals(list)
    const end = at + hourMs
    const partial = end > Math.min(now, written)
    const recomputing = pending.some((stretch) => stretch.from < end && stretch.to > at)
    points.set(at, { at, ...totals, rate: onlineRate(totals), partial, recomputing })
  }
  for (const point of edges.flat()) points.set(point.at, point)
  return [...points.values()].sort((a, b) => a.at - b.at)
}

/** Parts of hours that are over: no bucket holds just these. */
function cutHours({ from, to }: Span, now: number): Span[] {
  const first = { from, to: Math.min(to, startOfHour(from) + hourMs) }
  const last = { from: Math.max(from, startOfHour(to)), to }
  const isCut = (span: Span) =>
    span.from < span.to && span.to - span.from < hourMs && startOfHour(span.from) + hourMs <= now
  return (first.from === last.from ? [first] : [first, last]).filter(isCut)
}
