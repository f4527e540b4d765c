/** Tables of notify: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { PlatformTables } from '@hub/platform'
import type { Generated } from 'kysely'

/** The Record as this room sees it. */
export type NotifyDb = PlatformTables & NotifyTables

export interface NotifyTables {
  notification: NotificationTable
  notification_log: NotificationLogTable
  notification_subject: NotificationSubjectTable
}

/** A message on its way to one channel. */
interface NotificationTable {
  id: Generated<number>
  channel: string
  outage: string | null
  subject: string
  body: string
  status: string
  attempts: Generated<number>
  next_at: number
  created_at: number
  sent_at: number | null
  problem: string | null
  /** A row without one is a test. */
  kind: Generated<string>
  /** JSON array: what a machine reads. */
  facts: Generated<string>
  /** The order whose limit is near or has passed. */
  work_order: Generated<string | null>
  /** JSON array: of the one thing that it is about. Null: it is about several, or none. */
  districts: Generated<string | null>
  /** JSON `Part`: of several recipients those that earlier tries have left. Null: all. */
  part: Generated<string | null>
}

/** What each recipient has been told of each thing. */
interface NotificationLogTable {
  /** `NotificationKind` and key of the thing. */
  kind: string
  key: string
  channel: string
  /** Of the last notification. */
  at: number
  /** 1: that it is over is still to be told. */
  open: number
  /** What the rule of the kind remembers: `KnownState` of an outage; of a work order the time of each colour. */
  known: string
}

/** The latest state of each thing that another room asked to tell of. */
interface NotificationSubjectTable {
  kind: string
  key: string
  /** Of the last request. */
  at: number
  /** 1: it matters only to a digest. There may be as many as there are devices. */
  lone: number
  /** When it was over; null while it lasts. */
  over_at: number | null
  ended: number
  /** `NotificationRequested`. */
  request: string
}
