/** Tables: users, sessions, the audit, and what the Record keeps of itself. */
import type { Generated } from 'kysely'

export interface AccessTables {
  user: UserTable
  session: SessionTable
  audit: AuditTable
  audit_link: AuditLinkTable
  /** SQLite's own: the highest id ever given in a table. */
  sqlite_sequence: { name: string; seq: number }
  meta: MetaTable
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

/** The chain over the audit (`audit.ts`). */
interface AuditLinkTable {
  id: number
  hash: string
}

interface MetaTable {
  key: string
  value: string
}
