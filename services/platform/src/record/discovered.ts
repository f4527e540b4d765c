/** What discovery found, until an operator approves or rejects it. */
import {
  type DeviceId,
  type DiscoveredRow,
  type FoundDevice,
  type GatewayId,
  HubError,
  inScope,
  type Scope,
} from '@hub/contracts'
import { indexPlanned, matchPlanned, matchRollout, type Planned, type PlannedMatch, serviceAddress } from '@hub/core'
import { type Kysely, sql } from 'kysely'
import type { RecordTables } from './schema.ts'

type Db = Kysely<RecordTables>
export type Discovered = DiscoveredRow & { device: DeviceId | null }

/** Of one gateway, as many as it tells itself: a flood of forged devices, hour after hour, must not fill the record. */
const mostWaiting = 50_000

/**
 * Enters what a gateway found. What is already there keeps its status and the time it was first seen. Beyond `most` that wait, those that
 * were seen longest ago are forgotten; nothing that was decided on is.
 */
export async function putFound(
  db: Db,
  gateway: GatewayId,
  found: readonly FoundDevice[],
  firstSeenAt: number,
  most = mostWaiting,
): Promise<void> {
  if (found.length === 0) return
  const rows = found.map((device) => ({
    ...{ gateway, endpoint: device.endpoint, found: JSON.stringify(device), status: 'waiting', device: null },
    ...{ first_seen_at: firstSeenAt, seen_at: device.seenAt, rejection: null },
  }))
  await db
    .insertInto('discovered')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['gateway', 'endpoint'])
        .doUpdateSet((row) => ({ found: row.ref('excluded.found'), seen_at: row.ref('excluded.seen_at') })),
    )
    .execute()
  const waiting = db.selectFrom('discovered').where('gateway', '=', gateway).where('status', '=', 'waiting')
  const { count } = await waiting.select((row) => row.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const over = Number(count) - most
  if (over <= 0) return
  const oldest = waiting.select('endpoint').orderBy('seen_at').orderBy('first_seen_at').limit(over)
  await db.deleteFrom('discovered').where('gateway', '=', gateway).where('endpoint', 'in', oldest).execute()
}

/** Only what waits at this gateway; absent: everything. */
type Only = { waitingAt?: GatewayId }

/**
 * What a viewer may see of it, newest first. A device that has been placed is seen by its district; one that has not
 * could stand anywhere its gateway serves, so only who sees all of that sees it. Matching looks at everything all the same:
 * a record that two devices claim is nobody's.
 */
export async function listDiscovered(db: Db, scope: Scope, { waitingAt }: Only = {}): Promise<Discovered[]> {
  const index = indexPlanned(await listPlanned(db))
  let query = db
    .selectFrom('discovered')
    .leftJoin('device as placed', 'placed.id', 'discovered.device')
    .leftJoin('gateway as finder', 'finder.id', 'discovered.gateway')
    .selectAll('discovered')
    .select(['placed.district', 'finder.districts'])
    .select(['placed.gateway as boundBy', 'placed.endpoint as bound', 'placed.xaddr as boundTo', 'placed.stage'])
  if (waitingAt) query = query.where('discovered.gateway', '=', waitingAt).where('discovered.status', '=', 'waiting')
  const rows = await query.orderBy('discovered.first_seen_at', 'desc').orderBy('discovered.endpoint').execute()
  const districtsOf = memoised((json: string) => new Set<string>(JSON.parse(json)))
  const all = rows.map((row) => {
    const found = JSON.parse(row.found) as FoundDevice
    return { row, found: { ...found, districts: districtsOf(row.districts ?? '[]') } }
  })
  const waiting = all.filter(({ row }) => row.status === 'waiting')
  const claims = matchRollout(
    waiting.map(({ found }) => found),
    index,
  )
  const matches = new Map(waiting.map(({ row }, i) => [row, claims[i]!]))
  const listed = all.map(({ row, found: { districts, ...found } }) => {
    const match =
      row.device === null
        ? told(matches.get(row) ?? matchPlanned(found, index, districts))
        : { matches: row.device as DeviceId | null }
    return { row, found, districts, match }
  })
  // Multicast reaches gateways that do not serve the district: what is placed at one does not wait at the others.
  const placed = new Set(listed.flatMap(({ found, match }) => (match.matches === null ? [] : [nameOf(found)])))
  return listed
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

type Bound = {
  status: string
  gateway: string
  boundBy: string | null
  endpoint: string
  bound: string | null
  boundTo: string | null
  stage: string | null
}
const hasMoved = (row: Bound, found: FoundDevice): boolean =>
  row.status === 'approved' &&
  row.boundBy === row.gateway &&
  row.bound === row.endpoint &&
  row.stage !== 'retired' &&
  row.boundTo !== serviceAddress(found)

const nameOf = ({ endpoint, address }: FoundDevice): string => `${endpoint} ${address}`

function told(match: PlannedMatch): Pick<DiscoveredRow, 'matches' | 'matchedBy' | 'unmatched'> {
  if (match.device !== null) return { matches: match.device, matchedBy: match.by }
  const { device: matches, ...why } = match
  return { matches, unmatched: { candidates: [], ...why } }
}

function memoised<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>()
  return (key) => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
  }
}

/** Whether anything of a project waits at a gateway: cheap, unlike the list. */
export async function isWaiting(db: Db, gateway: GatewayId, project: string): Promise<boolean> {
  const found = await db
    .selectFrom('discovered')
    .select('endpoint')
    .where('gateway', '=', gateway)
    .where('status', '=', 'waiting')
    .where(sql`json_extract(found, '$.project')`, '=', project)
    .executeTakeFirst()
  return found !== undefined
}

/** Recorded cameras that no gateway watches yet: what a found device may turn out to be. */
export async function listPlanned(db: Db): Promise<Planned[]> {
  return db
    .selectFrom('device')
    .select(['id', 'name', 'ip_address as ipAddress'])
    .select([
      sql<string | null>`json_extract(record, '$.mac')`.as('mac'),
      sql<string | null>`json_extract(record, '$.serial')`.as('serial'),
    ])
    .where('kind', '=', 'camera')
    .where('xaddr', 'is', null)
    .where('stage', '!=', 'retired')
    .execute()
}

/**
 * Puts a found device aside: it claims no record and is offered to nobody until it is approved after all. Run it after scope
 * and role have been checked. @throws HubError `discovered.unknown`; `request.invalid` for one that is approved
 */
export async function reject(
  trx: Db,
  { gateway, endpoint }: { gateway: GatewayId; endpoint: string },
  rejection: NonNullable<DiscoveredRow['rejection']>,
): Promise<void> {
  const key = { gateway, endpoint }
  const row = await trx
    .selectFrom('discovered')
    .select('status')
    .where((where) => where.and(key))
    .executeTakeFirst()
  if (!row) throw new HubError('discovered.unknown', { value: endpoint })
  if (row.status === 'approved')
    throw new HubError('request.invalid', {
      field: 'endpoint',
      value: endpoint,
      limit: 'is approved: retire its device',
    })
  await trx
    .updateTable('discovered')
    .set({ status: 'rejected', rejection: JSON.stringify(rejection) })
    .where((where) => where.and(key))
    .execute()
}
