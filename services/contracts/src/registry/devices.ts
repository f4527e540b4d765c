/** Devices as the API lists and explains them. */
import { z } from 'zod'
import { DistrictCode } from '../common/geo.ts'
import { Application, Carrier, DeviceId, DeviceKind, GatewayId } from '../common/identity.ts'
import { list } from '../common/query.ts'
import { Instant } from '../common/time.ts'
import { DeviceRemarks } from '../gateways/inventory.ts'
import { Observation } from '../ingest/observation.ts'
import { DeviceState, Rule } from '../ingest/transition.ts'
import { Cause } from '../outages/cause.ts'
import { WorkOrderStatus } from '../work-orders/work-order.ts'
import { DeviceRecord, PointClass, recordFieldNames } from './record.ts'
import { Stage } from './stage.ts'

export const DeviceRow = z.strictObject({
  id: DeviceId,
  name: z.string(),
  kind: DeviceKind,
  district: DistrictCode,
  application: Application,
  carrier: Carrier,
  pointType: PointClass,
  project: z.string().nullable(),
  stage: Stage,
  /** WGS-84. */
  longitude: z.number().nullable(),
  latitude: z.number().nullable(),
  address: z.string(),
  ipAddress: z.string().nullable(),
  gateway: GatewayId.nullable(),
  state: DeviceState,
  since: Instant.nullable(),
  lastSeenAt: Instant.nullable(),
})
export type DeviceRow = z.infer<typeof DeviceRow>

export const DeviceQuery = z.strictObject({
  district: list(DistrictCode).optional(),
  application: list(Application).optional(),
  carrier: list(Carrier).optional(),
  kind: DeviceKind.optional(),
  state: list(DeviceState).optional(),
  stage: list(Stage).optional(),
  gateway: GatewayId.optional(),
  /** In code, name, address or IP address. */
  search: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(50_000).default(50_000),
  after: DeviceId.optional(),
})
export const DevicePage = z.strictObject({
  asOf: Instant,
  total: z.int(),
  devices: z.array(DeviceRow),
  next: DeviceId.nullable(),
})
export type DevicePage = z.infer<typeof DevicePage>
export const DeviceDetail = z.strictObject({
  asOf: Instant,
  device: DeviceRow,
  record: DeviceRecord,
  /** Fields that are required and missing or invalid, with why. */
  faults: z.array(z.strictObject({ field: z.string(), limit: z.string() })),
  rule: Rule.nullable(),
  /** Newest first, at most ten. */
  probes: z.array(Observation),
  identity: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  /** What its gateway remarks beside it, where there is something. */
  remarks: DeviceRemarks.optional(),
  /** One entry a day (Asia/Shanghai), oldest first, seconds of each state; the four add up to the day's due seconds. */
  days: z.array(
    z.strictObject({ day: z.iso.date(), up: z.number(), down: z.number(), unknown: z.number(), exempt: z.number() }),
  ),
  gateway: z.strictObject({ id: GatewayId, online: z.boolean(), lastSeenAt: Instant.nullable() }).nullable(),
  /** Where the record and the device say different things. */
  differences: z.array(z.strictObject({ field: z.enum(recordFieldNames), recorded: z.string(), found: z.string() })),
  /** Device minus centre at the last probe that read its clock, milliseconds. */
  clockOffsetMs: z.number().nullable(),
  /** The outage that it is down in. */
  outage: z.strictObject({ id: z.string(), cause: Cause, from: Instant }).nullable(),
  /** The work order about it that is not closed. */
  workOrder: z.strictObject({ id: z.uuid(), number: z.string(), status: WorkOrderStatus }).nullable(),
})
export type DeviceDetail = z.infer<typeof DeviceDetail>
