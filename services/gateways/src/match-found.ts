/**
 * The matches of a few found devices, by lookups of the signs that they and their rivals carry: the answer is that of a whole rollout
 * (`listDiscovered`), the work is not.
 */
import { type DeviceId, type GatewayId, matchBases, type Scope } from '@hub/contracts'
import { indexPlanned, matchPlanned, matchRollout, type Planned, signsOfFound, signsOfPlanned } from '@hub/core'
import { type Discovered, type FoundRow, foundQuery, listed, parsedRows } from './found-rows.ts'
import { type Key, keysOf, plannedCarriers, waitingCarriers } from './signs.ts'
import { slicesOf } from './slices.ts'
import type { GatewaysDb as Db } from './tables.ts'

/** Only what waits at this gateway, and as if nothing waited elsewhere; absent: everything. */
export type Only = { waitingAt?: GatewayId }

/** What a viewer may see of the devices under some endpoints, newest first. The signs of records must be up to date. */
export async function matchFound(
  db: Db,
  scope: Scope,
  endpoints: readonly string[],
  { waitingAt }: Only = {},
): Promise<Discovered[]> {
  const rows = await rowsOf(db, [...new Set(endpoints)], waitingAt)
  const waiting = rows.filter(({ row }) => row.status === 'waiting')
  const planned = await plannedCarriers(
    db,
    rows.filter(({ row }) => row.device === null).map(({ found }) => signsOfFound(found)),
  )
  const rivals = await rivalsOf(db, waiting, planned, waitingAt)
  const theirs = await plannedCarriers(
    db,
    rivals.map(({ found }) => signsOfFound(found)),
  )
  const index = indexPlanned(inOrder([...planned, ...theirs]))
  const claims = matchRollout(
    [...waiting, ...rivals].map(({ found, districts }) => ({ ...found, districts })),
    index,
  )
  return listed(rows, new Map(waiting.map((row, i) => [row, claims[i]!])), index, scope)
}

/**
 * Others that wait and carry a sign of a record that one of these claims: as trusted as the one by which it does, or more. Whoever claims
 * the record by a weaker sign cannot take it away.
 */
async function rivalsOf(
  db: Db,
  waiting: readonly FoundRow[],
  planned: readonly Planned[],
  waitingAt: GatewayId | undefined,
): Promise<FoundRow[]> {
  const index = indexPlanned(planned)
  const weakest = new Map<DeviceId, number>()
  for (const { found, districts } of waiting) {
    const match = matchPlanned(found, index, districts)
    if (match.device === null) continue
    weakest.set(match.device, Math.max(weakest.get(match.device) ?? 0, matchBases.indexOf(match.by)))
  }
  const keys = planned.flatMap((record): Key[] => {
    const rank = weakest.get(record.id)
    return rank === undefined
      ? []
      : keysOf(signsOfPlanned(record)).filter(({ kind }) => matchBases.indexOf(kind) <= rank)
  })
  const known = new Set(waiting.map(({ row }) => `${row.gateway} ${row.endpoint}`))
  const names = await waitingCarriers(db, keys, waitingAt)
  const others = names.filter(({ gateway, endpoint }) => !known.has(`${gateway} ${endpoint}`))
  const rows: FoundRow[] = []
  for (const [gateway, of] of Map.groupBy(others, (name) => name.gateway))
    for (const endpoints of slicesOf(of.map(({ endpoint }) => endpoint)))
      rows.push(
        ...parsedRows(
          await foundQuery(db)
            .where('discovered.gateway', '=', gateway)
            .where('discovered.endpoint', 'in', endpoints)
            .execute(),
        ),
      )
  return rows
}

async function rowsOf(db: Db, endpoints: readonly string[], waitingAt: GatewayId | undefined): Promise<FoundRow[]> {
  const rows: FoundRow[] = []
  for (const some of slicesOf(endpoints)) {
    let query = foundQuery(db).where('discovered.endpoint', 'in', some)
    if (waitingAt !== undefined)
      query = query.where('discovered.gateway', '=', waitingAt).where('discovered.status', '=', 'waiting')
    rows.push(...parsedRows(await query.execute()))
  }
  return rows
}

const inOrder = (records: readonly Planned[]): Planned[] =>
  [...new Map(records.map((record) => [record.id, record])).values()].sort((a, b) => (a.id < b.id ? -1 : 1))
