/** What other rooms may read of users. Each is a view over one table of its owner, the room access; nobody else names that table. */

export interface AccessViews {
  /** A user who may log in, without the password. */
  access_user: AccessUser
  /** Who did what to which subject, in order. */
  access_audit: AccessAudit
}

interface AccessUser {
  name: string
  role: string
  /** JSON: `"city"` or an array of district codes. */
  districts: string
  unit: string | null
}

interface AccessAudit {
  id: number
  at: number
  actor: string
  action: string
  subject: string
  /** JSON object. */
  detail: string
}
