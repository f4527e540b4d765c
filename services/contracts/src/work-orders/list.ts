/** Work orders as the API lists them. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Carrier, Unit } from '../common/identity.ts'
import { Instant } from '../common/time.ts'
import { Overtime, WorkOrder, WorkOrderStatus } from './work-order.ts'

export const WorkOrderQuery = z.strictObject({
  view: z.enum(['current', 'closed', 'all']).default('current'),
  district: DistrictCode.optional(),
  carrier: Carrier.optional(),
  outage: z.string().max(64).optional(),
  unit: Unit.optional(),
  status: WorkOrderStatus.optional(),
  overtime: Overtime.optional(),
})
export const WorkOrderList = z.strictObject({
  asOf: Instant,
  /** Overtime first, then by limit. */
  orders: z.array(WorkOrder),
})
export type WorkOrderList = z.infer<typeof WorkOrderList>
