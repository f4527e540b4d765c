/** What other rooms may read of outages. Each is a view over one table of its owner, the room outages; nobody else names that table. */

export interface OutagesViews {
  /** An outage. */
  outages_outage: OutagesOutage
  /** A stretch of a device in an outage. */
  outages_member: OutagesMember
}

interface OutagesOutage {
  id: string
  cause_kind: string
  cause_key: string
  cause_mode: string
  from_at: number
  to_at: number | null
  /** JSON array of district codes. */
  districts: string
  expected: number
  members: number
  down: number
  importance: string
  /** All its members are there now: it is no longer shown. */
  merged_into: string | null
  status: string
  resolved_at: number | null
  closed_at: number | null
  silenced_until: number | null
  escalation: number
  reopened: number
  updated_at: number
}

interface OutagesMember {
  outage: string
  device: string
  from_at: number
  to_at: number | null
  sign: string
  expected: number
}
