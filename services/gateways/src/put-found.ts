/** Enters what a gateway found. What says nothing new is not written again, and its row not read whole. */
import type { FoundDevice, GatewayId } from '@hub/contracts'
import { foundHash, signsOfFound } from '@hub/core'
import { sha256 } from '@hub/platform'
import { rematchRivals, rematchThese } from './pending.ts'
import { keysOf, valuesByKind } from './signs.ts'
import { slicesOf } from './slices.ts'
import type { GatewaysDb as Db } from './tables.ts'

/** Of one gateway, as many as it reports itself: a flood of forged devices, hour after hour, must not fill the record. */
const mostWaiting = 50_000
/** When a device was seen is written again once it is so much later: a gateway tells an unchanged one every ten minutes. */
const seenEveryMs = 300_000

type Hashed = { device: FoundDevice; hash: number }
/** What a message changes, read before the transaction that writes it. */
export type FoundChanges = {
  gateway: GatewayId
  /** New ones too. */
  changed: readonly Hashed[]
  /** What the changed ones said before. */
  before: readonly FoundDevice[]
  /** Unchanged, and seen later than is known. */
  seen: readonly FoundDevice[]
}

export const isNothing = ({ changed, seen }: FoundChanges): boolean => changed.length + seen.length === 0

/** @param found a few hundred at most: one statement each way */
export async function readFoundChanges(
  db: Db,
  gateway: GatewayId,
  found: readonly FoundDevice[],
): Promise<FoundChanges> {
  const latest = [...new Map(found.map((device) => [device.endpoint, device])).values()]
  const stored = new Map<string, { hash: number | null; seen_at: number }>()
  for (const some of slicesOf(latest.map(({ endpoint }) => endpoint)))
    for (const { endpoint, ...row } of await db
      .selectFrom('discovered')
      .select(['endpoint', 'hash', 'seen_at'])
      .where('gateway', '=', gateway)
      .where('endpoint', 'in', some)
      .execute())
      stored.set(endpoint, row)
  const changed: Hashed[] = []
  const seen: FoundDevice[] = []
  const known: string[] = []
  for (const device of latest) {
    const row = stored.get(device.endpoint)
    const hash = foundHash(device, sha256)
    if (row?.hash !== hash) {
      changed.push({ device, hash })
      if (row) known.push(device.endpoint)
    } else if (device.seenAt - row.seen_at >= seenEveryMs) seen.push(device)
  }
  return { gateway, changed, seen, before: await readFound(db, gateway, known) }
}

async function readFound(db: Db, gateway: GatewayId, endpoints: readonly string[]): Promise<FoundDevice[]> {
  const all: FoundDevice[] = []
  for (const some of slicesOf(endpoints))
    for (const { found } of await db
      .selectFrom('discovered')
      .select('found')
      .where('gateway', '=', gateway)
      .where('endpoint', 'in', some)
      .execute())
      all.push(JSON.parse(found))
  return all
}

type Options = {
  most?: number
  /** What changed, and whoever it may set free, is to be matched again. */
  rematch?: boolean
}

/**
 * Run it in a transaction. What is already there keeps its status and the time it was first seen. Beyond `most` that wait, those that
 * were seen longest ago are forgotten; nothing that was decided on is.
 */
export async function writeFoundChanges(
  trx: Db,
  { gateway, changed, before, seen }: FoundChanges,
  firstSeenAt: number,
  { most = mostWaiting, rematch = false }: Options = {},
): Promise<void> {
  for (const some of slicesOf(changed))
    await trx
      .insertInto('discovered')
      .values(
        some.map(({ device, hash }) => ({
          gateway,
          endpoint: device.endpoint,
          found: JSON.stringify(device),
          status: 'waiting',
          device: null,
          first_seen_at: firstSeenAt,
          seen_at: device.seenAt,
          rejection: null,
          hash,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['gateway', 'endpoint']).doUpdateSet((row) => ({
          found: row.ref('excluded.found'),
          seen_at: row.ref('excluded.seen_at'),
          hash: row.ref('excluded.hash'),
        })),
      )
      .execute()
  await deleteKeys(trx, gateway, before)
  await insertKeys(
    trx,
    gateway,
    changed.map(({ device }) => device),
  )
  // To the minute: a whole sweep told again is a few statements.
  for (const same of Map.groupBy(seen, ({ seenAt }) => Math.floor(seenAt / 60_000)).values())
    for (const some of slicesOf(same))
      await trx
        .updateTable('discovered')
        .set({ seen_at: Math.max(...some.map(({ seenAt }) => seenAt)) })
        .where('gateway', '=', gateway)
        .where(
          'endpoint',
          'in',
          some.map(({ endpoint }) => endpoint),
        )
        .execute()
  if (rematch) {
    await rematchThese(
      trx,
      changed.map(({ device: { endpoint } }) => ({ gateway, endpoint })),
    )
    await rematchRivals(trx, before.map(signsOfFound))
  }
  const { devices = 0 } =
    (await trx.selectFrom('discovered_waiting').select('devices').where('gateway', '=', gateway).executeTakeFirst()) ??
    {}
  if (devices > most) await forgetOldest(trx, gateway, devices - most, rematch)
}

/** The keys that a device is found by when a record is looked at. */
export async function insertKeys(trx: Db, gateway: GatewayId, found: readonly FoundDevice[]): Promise<void> {
  const keys = found.flatMap((device) =>
    keysOf(signsOfFound(device)).map((key) => ({ ...key, gateway, endpoint: device.endpoint })),
  )
  for (const some of slicesOf(keys, 1_000))
    await trx
      .insertInto('discovered_key')
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
}

async function deleteKeys(trx: Db, gateway: GatewayId, found: readonly FoundDevice[]): Promise<void> {
  for (const some of slicesOf(found))
    for (const { kind, values } of valuesByKind(some.flatMap((device) => keysOf(signsOfFound(device)))))
      await trx
        .deleteFrom('discovered_key')
        .where('kind', '=', kind)
        .where('value', 'in', values)
        .where('gateway', '=', gateway)
        .where(
          'endpoint',
          'in',
          some.map(({ endpoint }) => endpoint),
        )
        .execute()
}

async function forgetOldest(trx: Db, gateway: GatewayId, count: number, rematch: boolean): Promise<void> {
  const rows = await trx
    .selectFrom('discovered')
    .select(['endpoint', 'found'])
    .where('gateway', '=', gateway)
    .where('status', '=', 'waiting')
    .orderBy('seen_at')
    .orderBy('first_seen_at')
    .limit(count)
    .execute()
  const found = rows.map((row): FoundDevice => JSON.parse(row.found))
  await deleteKeys(trx, gateway, found)
  for (const some of slicesOf(rows.map(({ endpoint }) => endpoint)))
    await trx.deleteFrom('discovered').where('gateway', '=', gateway).where('endpoint', 'in', some).execute()
  if (rematch) await rematchRivals(trx, found.map(signsOfFound))
}

/** Both halves at once, for a few: `module.ts` reads first, and writes in short transactions. */
export async function putFound(
  db: Db,
  gateway: GatewayId,
  found: readonly FoundDevice[],
  firstSeenAt: number,
  options?: Options,
): Promise<void> {
  const changes = await readFoundChanges(db, gateway, found)
  if (!isNothing(changes)) await writeFoundChanges(db, changes, firstSeenAt, options)
}
