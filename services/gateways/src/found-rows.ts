/** Rows of what was found, and how a viewer sees them once each has its match. */
import { type DeviceId, type DiscoveredRow, type FoundDevice, inScope, type Scope } from '@hub/contracts'
import { matchPlanned, type PlannedIndex, type PlannedMatch, serviceAddress } from '@hub/core'
import type { GatewaysDb as Db } from './tables.ts'

export type Discovered = DiscoveredRow & { device: DeviceId | null }

/** A row as it is matched: what was found, and the districts of the gateway that found it. */
export type FoundRow = { row: Row; found: FoundDevice; districts: ReadonlySet<string> }
type Row = Awaited<ReturnType<ReturnType<typeof foundQuery>['execute']>>[number]

/** Newest first. */
export const foundQuery = (db: Db) =>
  db
    .selectFrom('discovered')
    .leftJoin('registry_device as placed', 'placed.id', 'discovered.device')
    .leftJoin('device_binding as binding', 'binding.device', 'discovered.device')
    .leftJoin('gateway as finder', 'finder.id', 'discovered.gateway')
    .selectAll('discovered')
    .select(['placed.district', 'finder.districts'])
    .select(['binding.gateway as boundBy', 'binding.endpoint as bound', 'binding.xaddr as boundTo', 'placed.stage'])
    .orderBy('discovered.first_seen_at', 'desc')
    .orderBy('discovered.endpoint')

export function parsedRows(rows: readonly Row[]): FoundRow[] {
  const sets = new Map<string, ReadonlySet<string>>()
  const districtsOf = (json: string) => {
    const made = sets.get(json) ?? new Set<string>(JSON.parse(json))
    sets.set(json, made)
    return made
  }
  return rows.map((row) => {
    const found: FoundDevice = { ...JSON.parse(row.found), seenAt: row.seen_at }
    return { row, found, districts: districtsOf(row.districts ?? '[]') }
  })
}

/**
 * What a viewer may see of rows. A device that has been placed is seen by its district; one that has not could stand anywhere its gateway
 * serves, so only who sees all of that sees it.
 * @param rows all of an endpoint, if any of it
 * @param matches of those that wait, in a whole rollout
 * @param index of planned records: whole, or at least those that carry a sign of any of the rows
 */
export function listed(
  rows: readonly FoundRow[],
  matches: ReadonlyMap<FoundRow, PlannedMatch>,
  index: PlannedIndex,
  scope: Scope,
): Discovered[] {
  const all = rows.map((each) => {
    const { row, found, districts } = each
    const match =
      row.device === null
        ? matchOf(matches.get(each) ?? matchPlanned(found, index, districts))
        : { matches: row.device as DeviceId | null }
    return { row, found, districts, match }
  })
  // Multicast reaches gateways that do not serve the district: what is placed at one does not wait at the others.
  const placed = new Set(all.flatMap(({ found, match }) => (match.matches === null ? [] : [nameOf(found)])))
  return all
    .filter(({ row, found, match }) => row.status !== 'waiting' || match.matches !== null || !placed.has(nameOf(found)))
    .filter(({ row, districts }) =>
      row.district === null ? [...districts].every((d) => inScope(scope, d)) : inScope(scope, row.district),
    )
    .map(({ row, found, match }) => ({
      ...found,
      gateway: row.gateway,
      status: row.status as DiscoveredRow['status'],
      firstSeenAt: row.first_seen_at,
      ...match,
      ...(hasMoved(row, found) && { moved: true as const }),
      ...(row.rejection !== null && { rejection: JSON.parse(row.rejection) }),
      device: row.device,
    }))
}

const hasMoved = (row: Row, found: FoundDevice): boolean =>
  row.status === 'approved' &&
  row.boundBy === row.gateway &&
  row.bound === row.endpoint &&
  row.stage !== 'retired' &&
  row.boundTo !== serviceAddress(found)

const nameOf = ({ endpoint, address }: FoundDevice): string => `${endpoint} ${address}`

function matchOf(match: PlannedMatch): Pick<DiscoveredRow, 'matches' | 'matchedBy' | 'unmatched'> {
  if (match.device !== null) return { matches: match.device, matchedBy: match.by }
  const { device: matches, ...why } = match
  return { matches, unmatched: { candidates: [], ...why } }
}
