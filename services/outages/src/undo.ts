/** The opposite of an act: what was split off comes back, what was merged goes out again under its own id, the cause is as it was. */
import { type Cause, limitText, type OutageRow } from '@hub/contracts'
import type { HandStep } from '@hub/core'
import { type Kysely, sql } from 'kysely'
import { ordersGoing } from './orders-going.ts'
import { type Group, membersOf, type Plan, refusal } from './plan.ts'
import type { OutagesDb } from './tables.ts'

type Db = Kysely<OutagesDb>

/** @throws HubError `outage.judgement` for one that is undone, of another outage, without effect, or not the newest */
export async function undo(db: Db, outage: OutageRow, id: number): Promise<Plan> {
  const row = await db.selectFrom('outage_judgement').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.outage !== outage.id || row.undone || row.act === 'undo' || row.effect !== 'done')
    throw refusal(outage.id, limitText('judge-undone'))
  const others: string[] = JSON.parse(row.others)
  await refuseNewer(db, id, [outage.id, ...others], outage.id)
  const groups: Group[] = JSON.parse(row.groups)
  const was: Cause = JSON.parse(row.was)
  const back = { do: 'name', outage: outage.id, cause: was } as const
  const plan = { others, devices: row.devices, cause: null, groups, undoes: id }
  if (row.act === 'confirm') return { ...plan, steps: [] }
  if (row.act === 'cause') return { ...plan, cause: was, steps: [back] }
  if (row.act === 'merge') return { ...plan, steps: await partedAgain(db, outage.id, groups.slice(1)) }
  const left = await notClosed(db, others)
  const moves = left.map((from): HandStep => ({ do: 'move', from, into: outage.id, devices: null, orders: [] }))
  // Alone it was named by its device.
  return { ...plan, steps: row.act === 'apart' ? [...moves, back] : moves }
}

async function partedAgain(db: Db, outage: string, groups: readonly Group[]): Promise<HandStep[]> {
  const members = new Set(await membersOf(db, outage))
  const parts = groups.map((group) => ({ ...group, devices: group.devices.filter((device) => members.has(device)) }))
  const orders = await ordersGoing(
    db,
    outage,
    parts.map(({ devices }) => devices),
  )
  return parts.flatMap(({ outage: into, cause, devices }, n): HandStep[] =>
    devices.length === 0
      ? []
      : [
          { do: 'move', from: outage, into, devices, orders: orders[n]! },
          { do: 'name', outage: into, cause },
        ],
  )
}

async function refuseNewer(db: Db, id: number, outages: readonly string[], asked: string): Promise<void> {
  const newer = await db
    .selectFrom('outage_judgement')
    .select(['outage', 'others'])
    .where('id', '>', id)
    .where('undone', '=', 0)
    .where('act', 'not in', ['undo', 'confirm'])
    .where('effect', '<>', 'lost')
    .execute()
  const own = new Set(outages)
  if (newer.some(({ outage, others }) => own.has(outage) || (JSON.parse(others) as string[]).some((o) => own.has(o))))
    throw refusal(asked, limitText('judge-newer'))
}

async function notClosed(db: Db, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`SELECT id FROM outage WHERE merged_into IS NULL AND status <> 'closed'
    AND id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) ORDER BY id`.execute(db)
  return rows.map(({ id }) => id)
}
