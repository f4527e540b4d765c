/** Tables: outages, topology, work orders, and the notices of both. */
import type { Generated } from 'kysely'

export interface OutageTables {
  outage: OutageTable
  outage_member: OutageMemberTable
  outage_change: OutageChangeTable
  outage_step: OutageStepTable
  topology_need: TopologyNeedTable
  work_order: WorkOrderTable
  work_order_device: WorkOrderDeviceTable
  work_order_step: WorkOrderStepTable
  notice: NoticeTable
  work_order_told: WorkOrderToldTable
  outage_told: OutageToldTable
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
  /** When the first notice of it was put in the queue. */
  notified_at: number | null
  updated_at: number
}

/** `Episode` of core. */
interface OutageMemberTable {
  outage: string
  device: string
  from_at: number
  to_at: number | null
  sign: string
  expected: number
}

interface OutageChangeTable {
  id: Generated<number>
  outage: string
  /** `OutageChange`. */
  change: string
}

/** `OutageStep`. */
interface OutageStepTable {
  id: Generated<number>
  outage: string
  at: number
  actor: string
  step: string
  note: string | null
}

/** Imported: what a device needs beside what its record says. */
interface TopologyNeedTable {
  device: string
  need: number
  /** JSON array of `kind:key`. */
  alternatives: string
}

/** `WorkOrder`. */
interface WorkOrderTable {
  id: string
  number: string
  outage: string | null
  unit: string
  carrier: string | null
  districts: string
  title: string
  status: string
  issued_by: string
  issued_at: number
  respond_by: number
  repair_by: number
  /** `WorkOrder['rule']`. */
  rule: string
  received_at: number | null
  done_at: number | null
  closed_at: number | null
  overtime: Generated<string>
  returned: Generated<number>
}

interface WorkOrderDeviceTable {
  work_order: string
  device: string
}

/** `WorkOrderStep`; each hash covers the one before. */
interface WorkOrderStepTable {
  id: Generated<number>
  work_order: string
  at: number
  actor: string
  step: string
  note: string | null
  down: number
  hash: string
}

/** A message on its way to one channel. */
interface NoticeTable {
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
}

/** The colours of an order that a recipient has been told of. */
interface WorkOrderToldTable {
  work_order: string
  channel: string
  colour: string
  at: number
}

/** `ToldState` of core: what a recipient knows of an outage. */
interface OutageToldTable {
  outage: string
  channel: string
  at: number
  how: string
  cause_kind: string
  members: number
  importance: string
  further: number
  escalated: number
  healed: number
  rounds: number
}
