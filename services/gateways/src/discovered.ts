/** What discovery found, until an operator approves or rejects it. */
import { type DiscoveredRow, type FoundDevice, type GatewayId, HubError, limitText, type Scope } from '@hub/contracts'
import { indexPlanned, matchRollout, type Planned, signsOfFound } from '@hub/core'
import { type Discovered, foundQuery, listed, parsedRows } from './found-rows.ts'
import { rematchRivals } from './pending.ts'
import { plannedQuery } from './signs.ts'
import type { GatewaysDb as Db } from './tables.ts'

/**
 * Everything that a viewer may see, newest first: the whole rollout is matched anew, so ask it on the read thread. Matching looks at
 * everything all the same: a record that two devices claim is nobody's. For a few devices there is `matchFound`.
 */
export async function listDiscovered(db: Db, scope: Scope): Promise<Discovered[]> {
  const index = indexPlanned(await listPlanned(db))
  const rows = parsedRows(await foundQuery(db).execute())
  const waiting = rows.filter(({ row }) => row.status === 'waiting')
  const claims = matchRollout(
    waiting.map(({ found, districts }) => ({ ...found, districts })),
    index,
  )
  return listed(rows, new Map(waiting.map((row, i) => [row, claims[i]!])), index, scope)
}

/** Recorded cameras that no gateway watches yet. */
export const listPlanned = (db: Db): Promise<Planned[]> => plannedQuery(db).execute()

/**
 * Puts a found device aside: it claims no record and is offered to nobody until it is approved after all. Run it after scope
 * and role have been checked. @throws HubError `discovered.unknown`; `request.invalid` for one that is approved
 * @param options.rematch whoever claims the same record is to be matched again
 */
export async function reject(
  trx: Db,
  { gateway, endpoint }: { gateway: GatewayId; endpoint: string },
  rejection: NonNullable<DiscoveredRow['rejection']>,
  { rematch = false } = {},
): Promise<void> {
  const key = { gateway, endpoint }
  const row = await trx
    .selectFrom('discovered')
    .select(['status', 'found'])
    .where((where) => where.and(key))
    .executeTakeFirst()
  if (!row) throw new HubError('discovered.unknown', { value: endpoint })
  if (row.status === 'approved')
    throw new HubError('request.invalid', {
      field: 'endpoint',
      value: endpoint,
      limit: limitText('approved-retire'),
    })
  await trx
    .updateTable('discovered')
    .set({ status: 'rejected', rejection: JSON.stringify(rejection) })
    .where((where) => where.and(key))
    .execute()
  if (rematch) await rematchRivals(trx, [signsOfFound(JSON.parse(row.found) as FoundDevice)])
}
