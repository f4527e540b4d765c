/**
 * The signs of cameras on record, in an index: kept by what the database itself notes of changed devices (`registry_change`), so that
 * it is right whoever wrote, and one changed device costs one. Which of them is still planned is asked when one is looked up.
 */
import { signsOfPlanned } from '@hub/core'
import { yieldToEventLoop } from '@hub/platform'
import { sql } from 'kysely'
import { rematchAround } from './pending.ts'
import { type Key, keysOf } from './signs.ts'
import { slicesOf } from './slices.ts'
import type { GatewaysDb as Db, GatewaysRecord } from './tables.ts'

/** How far `registry_change` has been read. Several devices may have one revision: the code is a part of it. */
type Position = { revision: number; device: string }
/** Devices of one transaction. */
const page = 250

const beginning: Position = { revision: 0, device: '' }

async function positionOf(db: Db): Promise<Position> {
  return (await db.selectFrom('planned_position').select(['revision', 'device']).executeTakeFirst()) ?? beginning
}

const changedAfter = (db: Db, { revision, device }: Position, limit: number) =>
  db
    .selectFrom('registry_change as change')
    .leftJoin('registry_device', 'registry_device.id', 'change.device')
    .select(['change.device', 'change.revision', 'kind', 'stage', 'id', 'name', 'ip_address', 'mac', 'serial'])
    .where(sql<boolean>`(change.revision, change.device) > (${revision}, ${device})`)
    .orderBy('change.revision')
    .orderBy('change.device')
    .limit(limit)

/** Whether every change of the registry is in the index. */
export async function areSignsCurrent(db: Db): Promise<boolean> {
  return (await changedAfter(db, await positionOf(db), 1).execute()).length === 0
}

/**
 * Reads on from where the index was, in short transactions; nothing to do costs two lookups.
 * @param rematch found devices that carry a sign of a changed record are to be matched again
 */
export async function indexPlannedSigns(record: GatewaysRecord, { rematch }: { rematch: boolean }): Promise<void> {
  for (;;) {
    const from = await positionOf(record.db)
    const rows = await changedAfter(record.db, from, page).execute()
    if (rows.length === 0) return
    const { revision, device } = rows.at(-1)!
    const signs = rows.flatMap((row) => {
      if (row.id === null || row.kind !== 'camera' || row.stage === 'retired') return []
      const { id, name, ip_address: ipAddress, mac, serial } = row
      return keysOf(signsOfPlanned({ id, name, ipAddress, mac, serial })).map((key) => ({ ...key, device: id }))
    })
    const devices = rows.map((row) => row.device)
    const before = await record.db.selectFrom('planned_sign').selectAll().where('device', 'in', devices).execute()
    const moved = changesOf(
      before,
      signs.filter(({ kind }) => kind !== 'code'),
    )
    const codes = devices.map((value): Key => ({ kind: 'code', value }))
    await record.transaction(async (trx) => {
      // Another process may have been quicker.
      const now = await positionOf(trx)
      if (now.revision !== from.revision || now.device !== from.device) return
      for (const { kind, value, device } of moved.gone)
        await trx
          .deleteFrom('planned_sign')
          .where((where) => where.and({ kind, value, device }))
          .execute()
      for (const some of slicesOf(moved.added)) await trx.insertInto('planned_sign').values(some).execute()
      if (rematch) await rematchAround(trx, [...before, ...signs, ...codes])
      await trx
        .insertInto('planned_position')
        .values({ id: 1, revision, device })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ revision, device }))
        .execute()
    })
    if (rows.length < page) return
    await yieldToEventLoop()
  }
}

/** Most changes of a record leave its signs as they are. */
function changesOf<T extends { kind: string; value: string; device: string }>(
  before: readonly T[],
  after: readonly T[],
) {
  const name = ({ kind, value, device }: T) => JSON.stringify([kind, value, device])
  const [had, has] = [new Set(before.map(name)), new Set(after.map(name))]
  return {
    gone: before.filter((row) => !has.has(name(row))),
    added: after.filter((row) => !had.has(name(row))),
  }
}
