/** Found devices whose match may be another than before. The queue is on disk: it is filled by whoever changes what they are matched with, in the same transaction. */
import type { FoundDevice } from '@hub/contracts'
import { type Signs, signsOfFound, signsOfPlanned } from '@hub/core'
import { settingsOf } from '@hub/platform'
import { type FoundName, type Key, keysOf, plannedCarriers, valuesByKind, waitingCarriers } from './signs.ts'
import { slicesOf } from './slices.ts'
import type { GatewaysDb as Db, GatewaysRecord } from './tables.ts'

export async function rematchThese(trx: Db, names: readonly FoundName[]): Promise<void> {
  for (const some of slicesOf(names))
    await trx
      .insertInto('discovered_pending')
      .values(some.map(({ gateway, endpoint }) => ({ gateway, endpoint })))
      .execute()
}

/** Whoever waits and carries one of the signs. */
export async function rematchCarriers(trx: Db, keys: Iterable<Key>): Promise<void> {
  for (const { kind, values } of valuesByKind(keys))
    await trx
      .insertInto('discovered_pending')
      .columns(['gateway', 'endpoint'])
      .expression(
        trx
          .selectFrom('discovered_key as key')
          .innerJoin('discovered', (join) =>
            join.onRef('discovered.gateway', '=', 'key.gateway').onRef('discovered.endpoint', '=', 'key.endpoint'),
          )
          .select(['key.gateway', 'key.endpoint'])
          .where('kind', '=', kind)
          .where('value', 'in', values)
          .where('status', '=', 'waiting'),
      )
      .execute()
}

/**
 * Records have got signs, or lost them. Whoever carries one may have another match, and where he no longer claims a record, who claims it
 * as well may have it.
 */
export async function rematchAround(trx: Db, keys: Iterable<Key>): Promise<void> {
  const carriers = await waitingCarriers(trx, keys)
  const signs = (await readFound(trx, carriers)).map(signsOfFound)
  const records = await plannedCarriers(trx, signs)
  const rivals = await waitingCarriers(
    trx,
    records.flatMap((record) => keysOf(signsOfPlanned(record))),
  )
  await rematchThese(trx, [
    ...new Map([...carriers, ...rivals].map((name) => [`${name.gateway} ${name.endpoint}`, name])).values(),
  ])
}

async function readFound(trx: Db, names: readonly FoundName[]): Promise<FoundDevice[]> {
  const all: FoundDevice[] = []
  for (const [gateway, same] of Map.groupBy(names, (name) => name.gateway))
    for (const some of slicesOf(same))
      for (const { found } of await trx
        .selectFrom('discovered')
        .select('found')
        .where('gateway', '=', gateway)
        .where(
          'endpoint',
          'in',
          some.map(({ endpoint }) => endpoint),
        )
        .execute())
        all.push(JSON.parse(found))
  return all
}

/** A found device no longer carries these signs, or no longer waits: who claims the same records may have them now. */
export async function rematchRivals(trx: Db, signs: readonly Signs[]): Promise<void> {
  const records = await plannedCarriers(trx, signs)
  await rematchCarriers(
    trx,
    records.flatMap((record) => keysOf(signsOfPlanned(record))),
  )
}

/**
 * The queue from now on: everything that waits, where nobody has kept it before for this project.
 * @param project whose found devices are approved by themselves; undefined: none, and nobody keeps the queue
 */
export async function keepPending(record: GatewaysRecord, project: string | undefined): Promise<void> {
  const settings = settingsOf(record.sqlite, 'gateways')
  if (settings.get(kept) === project) return
  // First the mark that is no longer true, and the one that is when all is in the queue: whatever breaks in between is done again.
  await record.commit(() => settings.drop(kept))
  if (project === undefined) return
  await record.transaction(rematchAll)
  await record.commit(() => settings.put(kept, project))
}

const kept = 'pending-kept-for'

async function rematchAll(trx: Db): Promise<void> {
  await trx
    .insertInto('discovered_pending')
    .columns(['gateway', 'endpoint'])
    .expression(
      trx
        .selectFrom('gateway')
        .innerJoin('discovered', 'discovered.gateway', 'gateway.id')
        .select(['discovered.gateway', 'endpoint'])
        .where('discovered.status', '=', 'waiting'),
    )
    .execute()
}
