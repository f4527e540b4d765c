/** What the rates page shows, as part of its address: the period, the dimension of the ranking, what it is narrowed to. Pure. */
import {
  applications,
  carriers,
  type DistrictCode,
  districtCodes,
  pointClasses,
  type UptimeGroup,
  uptimeGroups,
} from '@hub/contracts'
import type { Span } from '@hub/core'
import { oneOf, type Query, someOf } from '../../../router/address.ts'
import { formatPeriod, type Period, parsePeriod } from '../../../shared/rates/period.ts'
import { noRatesFilter, type RatesFilter, ratesFilterNames } from '../../../shared/rates/uptime-path.ts'
import { formatOrder, parseOrder, type RankingOrder, worstOrder } from './ranking.ts'

export type RatesQuery = {
  period: Period
  /** What a row of the ranking is. */
  by: UptimeGroup
  /** Beside the district, which the whole console is narrowed to. */
  order: RankingOrder
  filter: RatesFilter
}
/** Where one stands in the drill: the district, which the whole console is narrowed to, and the rest. */
export type DrillScope = { district: DistrictCode | null; rates: RatesQuery }

export const noRates: RatesQuery = { period: '30d', by: 'district', order: worstOrder, filter: noRatesFilter }

export function parseRates(query: URLSearchParams): RatesQuery {
  /** '' is what the record leaves empty, and may be asked for like any other. */
  const texts = (name: string, longest: number) =>
    [...new Set(query.getAll(name))].filter((value) => value.length <= longest)
  return {
    period: parsePeriod(query.get('period')) ?? noRates.period,
    by: oneOf(query, 'by', uptimeGroups) ?? noRates.by,
    order: parseOrder(query.get('order')) ?? noRates.order,
    filter: {
      application: someOf(query, 'application', applications),
      carrier: someOf(query, 'carrier', carriers),
      pointType: someOf(query, 'pointType', pointClasses),
      project: texts('project', 64),
      zone: texts('zone', 6),
    },
  }
}

/** Defaults are left out, so that one view has one address. */
export const formatRates = ({ period, by, order, filter }: RatesQuery): Query => ({
  period: unless(formatPeriod(period), formatPeriod(noRates.period)),
  by: unless(by, noRates.by),
  order: unless(formatOrder(order), formatOrder(noRates.order)),
  ...filter,
})

const unless = (text: string, byDefault: string): string | null => (text === byDefault ? null : text)

/** One row deeper: what the row is becomes a filter, and its districts, or at last its devices, become the rows. */
export function drill({ district, rates }: DrillScope, key: string): DrillScope {
  if (rates.by === 'device') return { district, rates }
  if (rates.by === 'district') return { district: districtOf(key), rates: { ...rates, by: 'device' } }
  const filter = { ...rates.filter, [rates.by]: [key] }
  return { district, rates: { ...rates, by: district ? 'device' : 'district', filter } }
}

const districtOf = (key: string): DistrictCode | null => districtCodes.find((code) => code === key) ?? null

export type Crumb = { dimension: UptimeGroup | null; keys: readonly string[]; scope: DrillScope }

/** The way from the city down to here. Each crumb leads to where its own rows become those of the next. */
export function crumbsOf({ district, rates }: DrillScope): Crumb[] {
  const steps: [Exclude<UptimeGroup, 'device'>, readonly string[]][] = [
    ...(district ? [['district', [district]] as ['district', string[]]] : []),
    ...ratesFilterNames.flatMap((name): [keyof RatesFilter, readonly string[]][] =>
      rates.filter[name].length ? [[name, rates.filter[name]]] : [],
    ),
  ]
  let scope: DrillScope = { district: null, rates: { ...rates, filter: noRatesFilter } }
  const crumbs: Crumb[] = [{ dimension: null, keys: [], scope }]
  for (const [dimension, keys] of steps) {
    scope =
      dimension === 'district'
        ? { ...scope, district }
        : { ...scope, rates: { ...scope.rates, filter: { ...scope.rates.filter, [dimension]: keys } } }
    crumbs.push({ dimension, keys, scope })
  }
  return crumbs.map((crumb, n) => {
    const by = steps[n]?.[0] ?? rates.by
    return { ...crumb, scope: { ...crumb.scope, rates: { ...crumb.scope.rates, by } } }
  })
}

/** The other figures are made for a district and a carrier, and for nothing narrower. `exact`: that is all that is asked for. */
export function kpiPath({ district, rates }: DrillScope, { from, to }: Span): { path: string; exact: boolean } {
  const query = new URLSearchParams({ from: String(from), to: String(to) })
  const [carrier, second] = rates.filter.carrier
  if (district) query.set('district', district)
  if (carrier && !second) query.set('carrier', carrier)
  const exact = !second && ratesFilterNames.every((name) => name === 'carrier' || rates.filter[name].length === 0)
  return { path: `/kpis?${query}`, exact }
}
