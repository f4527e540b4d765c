/** The Record as linkage sees it. */
import type { Kysely, Transaction } from 'kysely'
import type { EmergencyDb } from '../tables.ts'

export type LinkageDb = EmergencyDb
export type Db = Kysely<LinkageDb>
export type Trx = Transaction<LinkageDb>
