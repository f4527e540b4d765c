/** Who carries a sign: planned records and found devices, looked up by it. */
import { type GatewayId, type MatchBasis, matchBases } from '@hub/contracts'
import type { Planned, Signs } from '@hub/core'
import { slicesOf } from './slices.ts'
import type { GatewaysDb as Db } from './tables.ts'

export type Key = { kind: MatchBasis; value: string }

export const keysOf = (signs: Signs): Key[] =>
  matchBases.flatMap((kind) => {
    const value = signs[kind]
    return value === undefined ? [] : [{ kind, value }]
  })

/** Each value once, in statements of bounded length. */
export function* valuesByKind(keys: Iterable<Key>): Generator<{ kind: MatchBasis; values: string[] }> {
  const kinds = Map.groupBy(keys, ({ kind }) => kind)
  for (const [kind, same] of kinds)
    for (const values of slicesOf([...new Set(same.map(({ value }) => value))])) yield { kind, values }
}

/** Recorded cameras that no gateway watches yet: what a found device may turn out to be. By id. */
export const plannedQuery = (db: Db) =>
  db
    .selectFrom('registry_device')
    .leftJoin('device_binding', 'device_binding.device', 'registry_device.id')
    .select(['id', 'name', 'ip_address as ipAddress', 'mac', 'serial'])
    .where('kind', '=', 'camera')
    .where('xaddr', 'is', null)
    .where('stage', '!=', 'retired')
    .orderBy('id')

/** Planned records that carry one of the signs. The signs of records must be up to date (`planned-signs.ts`). */
export async function plannedCarriers(db: Db, signs: Iterable<Signs>): Promise<Planned[]> {
  const ids = new Set<string>()
  for (const { kind, values } of valuesByKind([...signs].flatMap(keysOf)))
    if (kind === 'code') for (const id of values) ids.add(id)
    else
      for (const { device } of await db
        .selectFrom('planned_sign')
        .select('device')
        .where('kind', '=', kind)
        .where('value', 'in', values)
        .execute())
        ids.add(device)
  const carriers: Planned[] = []
  for (const some of slicesOf([...ids].sort()))
    carriers.push(...(await plannedQuery(db).where('id', 'in', some).execute()))
  return carriers
}

export type FoundName = { gateway: GatewayId; endpoint: string }

/** Found devices that wait and carry one of the signs; at one gateway, where it is named. */
export async function waitingCarriers(db: Db, keys: Iterable<Key>, gateway?: GatewayId): Promise<FoundName[]> {
  const carriers = new Map<string, FoundName>()
  for (const { kind, values } of valuesByKind(keys)) {
    let query = db
      .selectFrom('discovered_key as key')
      .innerJoin('discovered', (join) =>
        join.onRef('discovered.gateway', '=', 'key.gateway').onRef('discovered.endpoint', '=', 'key.endpoint'),
      )
      .select(['key.gateway', 'key.endpoint'])
      .where('kind', '=', kind)
      .where('value', 'in', values)
      .where('status', '=', 'waiting')
    if (gateway !== undefined) query = query.where('key.gateway', '=', gateway)
    for (const name of await query.execute()) carriers.set(`${name.gateway} ${name.endpoint}`, name)
  }
  return [...carriers.values()]
}
