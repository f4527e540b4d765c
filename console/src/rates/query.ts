/** What the rates page shows, as part of its address: the period, the dimension of the league, what it is narrowed to. Pure. */
import {
  type Application,
  applications,
  type Carrier,
  carriers,
  type PointClass,
  pointClasses,
  type UptimeGroup,
  uptimeGroups,
} from '@hub/contracts'
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
  filter: RatesFilter
}

export const noRatesFilter: RatesFilter = { application: [], carrier: [], pointType: [], project: [], zone: [] }
export const noRates: RatesQuery = { period: '30d', by: 'district', filter: noRatesFilter }
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
    filter: {
      application: some('application', applications),
      carrier: some('carrier', carriers),
      pointType: some('pointType', pointClasses),
      project: texts('project', 64),
      zone: texts('zone', 6),
    },
  }
}

export function formatRates({ period, by, filter }: RatesQuery, query: URLSearchParams): void {
  const text = formatPeriod(period)
  if (text !== formatPeriod(noRates.period)) query.set('period', text)
  if (by !== noRates.by) query.set('by', by)
  for (const name of ratesFilterNames) for (const value of filter[name]) query.append(name, value)
}
