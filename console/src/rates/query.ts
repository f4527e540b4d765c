/** What the rates page shows, as part of its address: the period, the dimension of the league, what it is narrowed to. Pure. */
import {
  type Application,
  applications,
  type Carrier,
  carriers,
  type DistrictCode,
  districtCodes,
  type PointClass,
  pointClasses,
  type UptimeGroup,
  uptimeGroups,
} from '@hub/contracts'
import type { Span } from '@hub/core'
import { formatOrder, type LeagueOrder, parseOrder, worstOrder } from './league.ts'
import { formatPeriod, type Period, parsePeriod } from './period.ts'

export type RatesFilter = {
  application: Application[]
  carrier: Carrier[]
  pointType: PointClass[]
  project: string[]
  zone: string[]
}
export type RatesQuery = {
  period: Period
  /** What a row of the league is. */
  by: UptimeGroup
  /** Beside the district, which the whole console is narrowed to. */
  order: LeagueOrder
  filter: RatesFilter
}
/** Where one stands in the drill: the district, which the whole console is narrowed to, and the rest. */
export type Place = { district: DistrictCode | null; rates: RatesQuery }

export const noRatesFilter: RatesFilter = { application: [], carrier: [], pointType: [], project: [], zone: [] }
export const noRates: RatesQuery = { period: '30d', by: 'district', order: worstOrder, filter: noRatesFilter }
export const ratesFilterNames = Object.keys(noRatesFilter) as (keyof RatesFilter)[]

export function parseRates(query: URLSearchParams): RatesQuery {
  const some = <T extends string>(name: string, allowed: readonly T[]): T[] => {
    const asked = query.getAll(name)
    return allowed.filter((a) => asked.includes(a))
  }
  /** '' is what the record leaves empty, and may be asked for like any other. */
  const texts = (name: string, longest: number) =>
    [...new Set(query.getAll(name))].filter((value) => value.length <= longest)
  return {
    period: parsePeriod(query.get('period')) ?? noRates.period,
    by: uptimeGroups.find((group) => group === query.get('by')) ?? noRates.by,
    order: parseOrder(query.get('order')) ?? noRates.order,
    filter: {
      application: some('application', applications),
      carrier: some('carrier', carriers),
      pointType: some('pointType', pointClasses),
      project: texts('project', 64),
      zone: texts('zone', 6),
    },
  }
}

export function formatRates({ period, by, order, filter }: RatesQuery, query: URLSearchParams): void {
  const text = formatPeriod(period)
  if (text !== formatPeriod(noRates.period)) query.set('period', text)
  if (by !== noRates.by) query.set('by', by)
  if (formatOrder(order) !== formatOrder(noRates.order)) query.set('order', formatOrder(order))
  for (const name of ratesFilterNames) for (const value of filter[name]) query.append(name, value)
}

/** One row deeper: what the row is becomes a filter, and its districts, or at last its devices, become the rows. */
export function drill({ district, rates }: Place, key: string): Place {
  if (rates.by === 'device') return { district, rates }
  if (rates.by === 'district') return { district: districtOf(key), rates: { ...rates, by: 'device' } }
  const filter = { ...rates.filter, [rates.by]: [key] }
  return { district, rates: { ...rates, by: district ? 'device' : 'district', filter } }
}

const districtOf = (key: string): DistrictCode | null => districtCodes.find((code) => code === key) ?? null

export type Crumb = { dimension: UptimeGroup | null; keys: readonly string[]; place: Place }

/** The way from the city down to here. Each crumb leads to where its own rows become those of the next. */
export function crumbsOf({ district, rates }: Place): Crumb[] {
  const steps: [Exclude<UptimeGroup, 'device'>, readonly string[]][] = [
    ...(district ? [['district', [district]] as ['district', string[]]] : []),
    ...ratesFilterNames.flatMap((name): [keyof RatesFilter, readonly string[]][] =>
      rates.filter[name].length ? [[name, rates.filter[name]]] : [],
    ),
  ]
  let place: Place = { district: null, rates: { ...rates, filter: noRatesFilter } }
  const crumbs: Crumb[] = [{ dimension: null, keys: [], place }]
  for (const [dimension, keys] of steps) {
    place =
      dimension === 'district'
        ? { ...place, district }
        : { ...place, rates: { ...place.rates, filter: { ...place.rates.filter, [dimension]: keys } } }
    crumbs.push({ dimension, keys, place })
  }
  return crumbs.map((crumb, n) => {
    const by = steps[n]?.[0] ?? rates.by
    return { ...crumb, place: { ...crumb.place, rates: { ...crumb.place.rates, by } } }
  })
}

/** The query of `/uptime` and its series, of this place over this time. */
export function uptimePath(
  path: string,
  { district, rates }: Place,
  { from, to }: Span,
  more: Record<string, string> = {},
) {
  const query = new URLSearchParams({ from: String(from), to: String(to), ...more })
  if (district) query.set('district', district)
  for (const name of ratesFilterNames) for (const value of rates.filter[name]) query.append(name, value)
  return `${path}?${query}`
}

/** The other figures are made for a district and a carrier, and for nothing narrower. `exact`: that is all that is asked for. */
export function kpiPath({ district, rates }: Place, { from, to }: Span): { path: string; exact: boolean } {
  const query = new URLSearchParams({ from: String(from), to: String(to) })
  const [carrier, second] = rates.filter.carrier
  if (district) query.set('district', district)
  if (carrier && !second) query.set('carrier', carrier)
  const exact = !second && ratesFilterNames.every((name) => name === 'carrier' || rates.filter[name].length === 0)
  return { path: `/kpis?${query}`, exact }
}
