/** Tables of access: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { RegistryViews, WorkOrdersViews } from '@hub/contracts'
import type { Generated } from 'kysely'

/** What access reads: its own tables, and the views that name units. */
export type AccessData = AccessTables & Pick<RegistryViews, 'registry_device'> & WorkOrdersViews

export interface AccessTables {
  user: UserTable
  session: SessionTable
  audit: AuditTable
  audit_link: AuditLinkTable
  /** SQLite's own: the highest id ever given in a table. */
  sqlite_sequence: { name: string; seq: number }
}

interface UserTable {
  name: string
  password_hash: string
  role: string
  /** JSON: `"city"` or an array of district codes. */
  districts: string
  /** Whose work orders the user repairs. */
  unit: Generated<string | null>
  failures: number
  locked_until: number | null
  /** 1: may not log in. */
  disabled: Generated<number>
  /** 1: the password is one that somebody else knows. */
  must_change: Generated<number>
  /** Failed tries before it no longer count. */
  unlocked_at: Generated<number | null>
}

interface SessionTable {
  /** SHA-256 of the cookie's token. */
  id: string
  user: string
  created_at: number
  seen_at: number
  expires_at: number
}

interface AuditTable {
  id: Generated<number>
  at: number
  actor: string
  action: string
  subject: string
  detail: string
}

/** The chain over the audit (`audit/chain.ts`). */
interface AuditLinkTable {
  id: number
  hash: string
}
