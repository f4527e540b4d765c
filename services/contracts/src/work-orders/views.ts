/** What other rooms may read of work orders. Each is a view over one table of its owner, the room work-orders; nobody else names that table. */

export interface WorkOrdersViews {
  /** A work order. */
  work_orders_order: WorkOrdersOrder
  /** Which devices a work order is about. */
  work_orders_device: WorkOrdersDevice
  /** What was done with a work order, by whom. */
  work_orders_step: WorkOrdersStep
}

interface WorkOrdersOrder {
  id: string
  number: string
  outage: string | null
  unit: string
  carrier: string | null
  /** JSON array of district codes. */
  districts: string
  status: string
  issued_at: number
  respond_by: number
  repair_by: number
  /** `WorkOrder['rule']`. */
  rule: string
  received_at: number | null
  done_at: number | null
  closed_at: number | null
  overtime: string
  returned: number
}

interface WorkOrdersDevice {
  work_order: string
  device: string
}

interface WorkOrdersStep {
  id: number
  work_order: string
  at: number
  actor: string
  step: string
}
