/** What asks the hub for online rates: the query of `/uptime` and its series. Pure. */
import type { Application, Carrier, DistrictCode, PointClass } from '@hub/contracts'
import type { Span } from '@hub/core'

export type RatesFilter = {
  application: Application[]
  carrier: Carrier[]
  pointType: PointClass[]
  project: string[]
  zone: string[]
}
export const noRatesFilter: RatesFilter = { application: [], carrier: [], pointType: [], project: [], zone: [] }
export const ratesFilterNames = Object.keys(noRatesFilter) as (keyof RatesFilter)[]

/** `more`: what is asked beside the time, the district and the filter. */
export function uptimePath(
  path: string,
  scope: { district: DistrictCode | null; filter: RatesFilter },
  { from, to }: Span,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams({ from: String(from), to: String(to), ...more })
  if (scope.district) query.set('district', scope.district)
  for (const name of ratesFilterNames) for (const value of scope.filter[name]) query.append(name, value)
  return `${path}?${query}`
}
