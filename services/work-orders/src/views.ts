/** What other rooms may read of work orders. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const workOrdersViews: readonly View[] = [
  {
    name: 'work_orders_order',
    sql: `SELECT id, number, outage, unit, carrier, districts, status, issued_at, respond_by, repair_by, rule, received_at, done_at, closed_at,
  overtime, returned FROM work_order`,
  },
  {
    name: 'work_orders_device',
    sql: `SELECT work_order, device FROM work_order_device`,
  },
  {
    name: 'work_orders_step',
    sql: `SELECT id, work_order, at, actor, step FROM work_order_step`,
  },
]
