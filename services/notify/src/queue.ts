/** Notifications on their way to channels. What is decided and what is queued are one transaction: a restart neither tells twice nor forgets. */
import type { DistrictCode } from '@hub/contracts'
import type { ExpressionBuilder } from 'kysely'
import type { Part } from './channels/outcome.ts'
import { type Db, slice } from './subjects.ts'
import type { NotifyDb } from './tables.ts'

export type NewNotification = {
  channel: string
  /** What it says: a `DecisionKind`, `overtime-` and a colour, or `digest`. A row without one is a test. */
  kind: string
  outage: string | null
  /** The order whose limit is near or has passed; absent: none. */
  workOrder?: string | null
  /** Of the one thing that it is about; absent: it is about several. */
  districts?: readonly DistrictCode[]
  subject: string
  /** Lines of plain text: each channel makes its own format of them. */
  body: string
  /** JSON array: what a machine reads. */
  facts: string
}
export type QueuedNotification = Omit<NewNotification, 'districts'> & {
  id: number
  attempts: number
  nextAt: number
  createdAt: number
  /** JSON `Part`: what earlier tries have left. */
  part: string | null
}

export async function enqueue(trx: Db, notifications: readonly NewNotification[], now: number): Promise<void> {
  const rows = notifications.map(({ workOrder = null, districts, ...notification }) => ({
    ...notification,
    work_order: workOrder,
    districts: districts ? JSON.stringify(districts) : null,
    status: 'waiting',
    next_at: now,
    created_at: now,
    sent_at: null,
    problem: null,
  }))
  for (let i = 0; i < rows.length; i += slice)
    await trx
      .insertInto('notification')
      .values(rows.slice(i, i + slice))
      .execute()
}

/** When a notification, tests aside, was last put in the queue of each channel. */
export async function lastQueued(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('notification')
    .select(['channel', (of) => of.fn.max('created_at').as('at')])
    .where('kind', '<>', 'test')
    .groupBy('channel')
    .execute()
  return new Map(rows.map(({ channel, at }) => [channel, at]))
}

const waitingOf = (db: Db, channel: string) =>
  db
    .selectFrom('notification')
    .select([
      'id',
      'channel',
      'kind',
      'outage',
      'work_order as workOrder',
      'subject',
      'body',
      'facts',
      'attempts',
      'part',
    ])
    .select(['next_at as nextAt', 'created_at as createdAt'])
    .where('channel', '=', channel)
    .where('status', '=', 'waiting')

const isTest = (of: ExpressionBuilder<NotifyDb, 'notification'>) =>
  of.case().when('kind', '=', 'test').then(0).else(1).end()

/** What the channel must send next, due or not: a test before all else, then in the order of the queue. */
export const nextNotification = (db: Db, channel: string): Promise<QueuedNotification | undefined> =>
  waitingOf(db, channel).orderBy(isTest).orderBy('id').limit(1).executeTakeFirst()

/** Those that no try has been made to send, oldest first. */
export const untriedNotifications = (db: Db, channel: string): Promise<QueuedNotification[]> =>
  waitingOf(db, channel).where('kind', '<>', 'test').where('attempts', '=', 0).orderBy('id').execute()

/** Times at which it took a notification, tests aside; oldest first. */
export async function sentSince(db: Db, channel: string, since: number): Promise<number[]> {
  const rows = await db
    .selectFrom('notification')
    .select('sent_at')
    .where('channel', '=', channel)
    .where('sent_at', '>', since)
    .where('kind', '<>', 'test')
    .orderBy('sent_at')
    .execute()
  return rows.map((row) => row.sent_at!)
}

/** @param problem who of several never gets it */
export const markSent = async (db: Db, id: number, now: number, problem: string | null): Promise<void> =>
  void (await db
    .updateTable('notification')
    .set((of) => ({ status: 'sent', sent_at: now, attempts: of('attempts', '+', 1), problem }))
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .execute())

/** @param nextAt null: it is given up. @param part what this try has left, where it reached some */
export const markFailed = async (
  db: Db,
  id: number,
  problem: string,
  nextAt: number | null,
  part?: Part,
): Promise<void> =>
  void (await db
    .updateTable('notification')
    .set((of) => ({ attempts: of('attempts', '+', 1), problem, ...(part && { part: JSON.stringify(part) }) }))
    .set(nextAt === null ? { status: 'dead' } : { next_at: nextAt })
    .where('id', '=', id)
    .where('status', '=', 'waiting')
    .execute())

/** Not before `nextAt`, though nothing was tried. */
export const holdNotification = async (db: Db, id: number, nextAt: number): Promise<void> =>
  void (await db.updateTable('notification').set({ next_at: nextAt }).where('id', '=', id).execute())

/** One notification instead of several; in a transaction. */
export async function foldNotifications(
  trx: Db,
  ids: readonly number[],
  into: NewNotification,
  now: number,
): Promise<void> {
  for (let i = 0; i < ids.length; i += slice)
    await trx
      .deleteFrom('notification')
      .where('id', 'in', ids.slice(i, i + slice))
      .where('status', '=', 'waiting')
      .execute()
  await enqueue(trx, [into], now)
}

/** Waiting notifications of channels that are no longer configured will not be sent. */
export const countNotifications = (db: Db): Promise<{ channel: string; status: string; count: number }[]> =>
  db
    .selectFrom('notification')
    .select(['channel', 'status', (of) => of.fn.countAll<number>().as('count')])
    .where('status', 'in', ['waiting', 'dead'])
    .groupBy(['channel', 'status'])
    .execute()

/** Forgets what was sent or given up before that time. */
export const trimNotifications = async (db: Db, before: number): Promise<void> =>
  void (await db.deleteFrom('notification').where('created_at', '<', before).where('status', '<>', 'waiting').execute())
