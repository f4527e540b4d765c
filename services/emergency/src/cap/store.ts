/** CAP messages in the Record. */
import { randomUUID } from 'node:crypto'
import type { CapAlert, CapMessage, CapMsgType, CapReceipt } from '@hub/contracts'
import { type CapReference, capColourOf, capTime, ownInfo, plainText, referencesOf, referenceText } from '@hub/core'
import { type Selectable, sql } from 'kysely'
import type { Db } from '../tables.ts'
import type { CapMessageTable } from './tables.ts'

export type CapRow = Selectable<CapMessageTable>
export type NewCap = {
  incident: string
  direction: CapMessage['direction']
  key: string | null
  alert: CapAlert
  document: string
  doubtful: readonly string[]
  at: number
  by: string
}

/** Run it in the transaction that logs it. */
export async function putMessage(trx: Db, { alert, doubtful, ...message }: NewCap): Promise<CapRow> {
  const { last } = await trx
    .selectFrom('cap_message')
    .select((of) => of.fn.coalesce(of.fn.max('seq'), sql<number>`0`).as('last'))
    .executeTakeFirstOrThrow()
  const info = ownInfo(alert)
  const row: CapRow = {
    id: randomUUID(),
    seq: Number(last) + 1,
    ...message,
    sender: alert.sender,
    identifier: alert.identifier,
    sent: alert.sent,
    sent_at: Date.parse(alert.sent),
    msg_type: alert.msgType,
    exercise: Number(alert.status === 'Exercise'),
    headline: plainText(info?.headline ?? info?.event ?? '').slice(0, 256),
    warning: capColourOf(alert),
    // What an Alert refers to is another's affair: it neither changes it nor takes it back.
    refs: JSON.stringify(alert.msgType === 'Alert' ? [] : (referencesOf(alert) ?? []).map(referenceText)),
    doubtful: JSON.stringify(doubtful),
  }
  await trx.insertInto('cap_message').values(row).execute()
  return row
}

export const findMessage = (db: Db, { sender, identifier, sent }: CapReference): Promise<CapRow | undefined> =>
  db
    .selectFrom('cap_message')
    .selectAll()
    .where('sender', '=', sender)
    .where('identifier', '=', identifier)
    .where('sent', '=', sent)
    .executeTakeFirst()

/** The first at the front. */
export const messagesOf = (db: Db, incident: string, direction?: CapMessage['direction']): Promise<CapRow[]> =>
  db
    .selectFrom('cap_message')
    .selectAll()
    .where('incident', '=', incident)
    .$if(direction !== undefined, (query) => query.where('direction', '=', direction!))
    .orderBy('seq')
    .execute()

export const linkOf = (row: CapRow) => ({
  row,
  name: referenceText(row),
  msgType: row.msg_type as CapMsgType,
  references: JSON.parse(row.refs) as string[],
  sentAt: row.sent_at,
  seq: row.seq,
})

export const messageOf = (row: CapRow): CapMessage => ({
  id: row.id,
  incident: row.incident,
  direction: row.direction as CapMessage['direction'],
  msgType: row.msg_type as CapMsgType,
  exercise: row.exercise === 1,
  sender: row.sender,
  identifier: row.identifier,
  sent: row.sent_at,
  headline: row.headline,
  warning: row.warning as CapMessage['warning'],
  at: row.at,
  by: row.by,
})

export const receiptOf = (row: CapRow, number: string): CapReceipt => ({
  id: row.id,
  sender: row.sender,
  identifier: row.identifier,
  sent: row.sent,
  incident: row.incident,
  number,
  receivedAt: row.at,
  doubtful: JSON.parse(row.doubtful) as string[],
})

/** Identifiers of a sender at that second. */
export async function takenIdentifiers(db: Db, sender: string, sentAt: number): Promise<Set<string>> {
  const rows = await db
    .selectFrom('cap_message')
    .select('identifier')
    .where('sender', '=', sender)
    .where('sent', '=', capTime(sentAt))
    .execute()
  return new Set(rows.map(({ identifier }) => identifier))
}
