/** The planned rollout against what was found: counts and lists, of what a viewer may see. Pure. */
import {
  type Carrier,
  carriers,
  type DistrictCode,
  districtCodes,
  inScope,
  type Rollout,
  type RolloutCount,
  type RolloutRow,
  type Scope,
} from '@hub/contracts'
import type { Call } from '@hub/platform'
import type { Discovered } from './found-rows.ts'

/** `bound`: an operator has approved a found device for it. */
export type PlannedCamera = NonNullable<RolloutRow['device']> & { bound: boolean }

export type RolloutSource = {
  asOf: number
  cameras: readonly PlannedCamera[]
  discovered: readonly Discovered[]
  /** Districts of each gateway. */
  gateways: ReadonlyMap<string, readonly string[]>
}

type Filters = Call<'exportRollout'>['query']
const nothing = (): RolloutCount => ({ planned: 0, approved: 0, matched: 0, missing: 0 })

export function rolloutOf(source: RolloutSource, scope: Scope, filters: Filters): Omit<Rollout, 'total'> {
  const matches = new Map<string, Discovered>()
  for (const found of source.discovered)
    if (found.status === 'waiting' && found.matches !== null && !matches.has(found.matches))
      matches.set(found.matches, found)
  const counts = { ...nothing(), unplanned: 0 }
  const by: Rollout['by'] = {}
  const districts = new Map<DistrictCode, RolloutCount>()
  const ofCarriers = new Map<Carrier, RolloutCount>()
  const rows: RolloutRow[] = []
  for (const { bound, ...device } of source.cameras) {
    if (!inScope(scope, device.district) || !wanted(device, filters)) continue
    const found = bound ? undefined : matches.get(device.id)
    const state = bound ? 'approved' : found ? 'matched' : 'missing'
    for (const count of [counts, member(districts, device.district), member(ofCarriers, device.carrier)]) {
      count.planned++
      count[state]++
    }
    const basis = found?.matchedBy
    if (basis) by[basis] = (by[basis] ?? 0) + 1
    if (state !== filters.list || (filters.by && basis && !filters.by.includes(basis))) continue
    const row = { device, found: found ? asFound(found) : null, by: basis ?? null, unmatched: null }
    if (holds(row, filters.search)) rows.push(row)
  }
  const strangers = unplanned(source, scope, filters)
  counts.unplanned = strangers.length
  if (filters.list === 'unplanned') rows.push(...strangers.filter((row) => holds(row, filters.search)))
  return {
    asOf: source.asOf,
    counts,
    by,
    districts: districtCodes.flatMap((key) => withKey(key, districts.get(key))),
    carriers: carriers.flatMap((key) => withKey(key, ofCarriers.get(key))),
    list: filters.list,
    rows,
  }
}

/** Found, waiting, and no planned camera's. It has no district yet: who sees all that its gateway serves sees it. */
function unplanned({ discovered, gateways }: RolloutSource, scope: Scope, { district }: Filters): RolloutRow[] {
  const rows = new Map<string, RolloutRow>()
  for (const found of discovered) {
    const serves = gateways.get(found.gateway) ?? []
    const visible = serves.every((code) => inScope(scope, code))
    if (found.status !== 'waiting' || found.matches !== null || !visible) continue
    if (district && !district.some((code) => serves.includes(code))) continue
    const { unmatched = null } = found
    rows.set(found.endpoint, { device: null, found: asFound(found), by: null, unmatched })
  }
  return [...rows.values()]
}

const wanted = (device: NonNullable<RolloutRow['device']>, { district, carrier }: Filters): boolean =>
  (!district || district.includes(device.district)) && (!carrier || carrier.includes(device.carrier))

function asFound(discovered: Discovered): NonNullable<RolloutRow['found']> {
  const { device: _d, status: _s, matches: _m, matchedBy: _b, unmatched: _u, rejection: _r, ...found } = discovered
  return found
}

function holds({ device, found }: RolloutRow, search: string | undefined): boolean {
  if (!search) return true
  const text = search.toLowerCase()
  const fields = [device?.id, device?.name, device?.ipAddress, found?.endpoint, found?.name, found?.address]
  return fields.some((field) => field?.toLowerCase().includes(text))
}

function member<K>(groups: Map<K, RolloutCount>, key: K): RolloutCount {
  const group = groups.get(key) ?? nothing()
  groups.set(key, group)
  return group
}

const withKey = <K>(key: K, count: RolloutCount | undefined) => (count ? [{ key, ...count }] : [])
