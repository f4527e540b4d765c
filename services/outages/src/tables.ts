/** Tables of outages: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { AccessViews, GatewaysViews, IngestViews, RegistryViews, WorkOrdersViews } from '@hub/contracts'
import type { PlatformTables } from '@hub/platform'
import type { Generated } from 'kysely'

/** The Record as this room sees it: its own tables, and the views of others that it reads. */
export type OutagesDb = PlatformTables &
  OutagesTables &
  AccessViews &
  GatewaysViews &
  IngestViews &
  RegistryViews &
  WorkOrdersViews

export interface OutagesTables {
  outage: OutageTable
  outage_member: OutageMemberTable
  outage_change: OutageChangeTable
  outage_step: OutageStepTable
  outage_judgement: OutageJudgementTable
}

/** What the correlation knows of an outage, and where people are with it. */
interface OutageTable {
  id: string
  cause_kind: string
  cause_key: string
  cause_mode: string
  /** `CauseEvidence`. */
  evidence: string
  from_at: number
  to_at: number | null
  /** JSON array of district codes. */
  districts: string
  expected: number
  /** Since when it counts for telling, where that is not its onset. */
  counts_from: number | null
  members: number
  down: number
  importance: string
  /** All its members are there now: it is no longer shown. */
  merged_into: string | null
  status: string
  assignee: string | null
  acknowledged_at: number | null
  resolved_at: number | null
  closed_at: number | null
  silenced_until: number | null
  escalation: Generated<number>
  reopened: Generated<number>
  updated_at: number
  /** A person has said what belongs to it, or what it is of. */
  held: Generated<number>
}

/** `Episode` of core. */
interface OutageMemberTable {
  outage: string
  device: string
  from_at: number
  to_at: number | null
  sign: string
  expected: number
  counts_from: number | null
}

interface OutageChangeTable {
  id: Generated<number>
  outage: string
  /** `OutageChange`. */
  change: string
}

/** `Judgement`, and what it takes to do and to undo it. */
interface OutageJudgementTable {
  id: number
  at: number
  actor: string
  act: string
  outage: string
  /** JSON array of ids. */
  others: string
  devices: number
  /** `Cause`. */
  was: string
  cause: string | null
  reason: string
  undoes: number | null
  undone: Generated<number>
  effect: string
  /** `HandStep[]`: with the ids of outages that begin by it. */
  steps: string
  /** `Group[]`: as the hub had them. */
  groups: string
}

/** `OutageStep`. */
interface OutageStepTable {
  id: Generated<number>
  outage: string
  at: number
  actor: string
  step: string
  note: string | null
  orders: Generated<string | null>
}
