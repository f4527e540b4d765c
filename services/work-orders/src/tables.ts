/** Tables of work orders: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { AccessViews, IngestViews, OutagesViews, RegistryViews } from '@hub/contracts'
import type { PlatformTables } from '@hub/platform'
import type { Generated, Kysely } from 'kysely'

/** The Record as this room sees it: its own tables, and the views of others that it reads. */
export type WorkOrdersDb = PlatformTables & WorkOrdersTables & AccessViews & IngestViews & OutagesViews & RegistryViews
export type Db = Kysely<WorkOrdersDb>

export interface WorkOrdersTables {
  work_order: WorkOrderTable
  work_order_device: WorkOrderDeviceTable
  work_order_step: WorkOrderStepTable
}

/** `WorkOrder`. */
interface WorkOrderTable {
  id: string
  number: string
  outage: string | null
  unit: string
  carrier: string | null
  districts: string
  /** `WorkOrderSubject`. */
  subject: Generated<string>
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
