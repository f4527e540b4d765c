/** Work orders to whoever must repair, with limits, warnings and proof; and the notices that the hub sends. */
import { z } from 'zod'
import { Carrier, DeviceId, DistrictCode, Instant, Unit } from './identity.ts'

export const workOrderStatuses = [
  'issued',
  'received',
  'disputed',
  'done',
  'verified',
  'returned',
  'closed',
  'cancelled',
] as const
/**
 * issued → received → done → verified → closed. A receiver may dispute (misassigned) once, before it is done; the issuer upholds it
 * (back to issued) or cancels. The issuer may return what is done and does not hold, once. `done` needs the devices up.
 */
export const WorkOrderStatus = z.enum(workOrderStatuses)
export type WorkOrderStatus = z.infer<typeof WorkOrderStatus>

export const workOrderSteps = [
  'receive',
  'dispute',
  'uphold',
  'cancel',
  'done',
  'verify',
  'return',
  'close',
  'comment',
] as const
export const WorkOrderAction = z
  .strictObject({ step: z.enum(workOrderSteps), note: z.string().trim().min(1).max(1_000).optional() })
  .refine((a) => !['dispute', 'return', 'cancel', 'comment'].includes(a.step) || a.note !== undefined, {
    message: 'is needed: why',
    path: ['note'],
  })
export type WorkOrderAction = z.infer<typeof WorkOrderAction>

export const overtimes = ['none', 'yellow', 'red'] as const
/** `yellow`: a limit is near; `red`: it has passed. */
export const Overtime = z.enum(overtimes)

/** A link of the evidence chain: what was known when, each with the hash of the one before. */
export const WorkOrderStep = z.strictObject({
  at: Instant,
  actor: z.string(),
  step: z.enum([...workOrderSteps, 'issue', 'yellow', 'red']),
  note: z.string().nullable(),
  /** Devices of the order that were down at that time. */
  down: z.int(),
  hash: z.string(),
})
export type WorkOrderStep = z.infer<typeof WorkOrderStep>

export const WorkOrder = z.strictObject({
  id: z.uuid(),
  /** For people: `GD-20261121-0007`. */
  number: z.string(),
  outage: z.string().nullable(),
  /** Carrier or maintainer that it goes to. */
  unit: z.string(),
  carrier: Carrier.nullable(),
  districts: z.array(DistrictCode),
  devices: z.array(DeviceId),
  down: z.int(),
  status: WorkOrderStatus,
  title: z.string(),
  issuedBy: z.string(),
  issuedAt: Instant,
  /** Limits, and the rule that set them. */
  respondBy: Instant,
  repairBy: Instant,
  rule: z.strictObject({
    class: z.enum(['core', 'urban', 'rural']),
    respondHours: z.number(),
    repairHours: z.number(),
    clock: z.enum(['24h', 'working-days']),
    provenance: z.string(),
  }),
  receivedAt: Instant.nullable(),
  doneAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  overtime: Overtime,
  /** All its devices have been up since then; null while one is not. */
  upSince: Instant.nullable(),
  returned: z.boolean(),
  steps: z.array(WorkOrderStep),
  /** False when its terms or a link of the evidence chain were edited, taken out or put in. */
  whole: z.boolean(),
})
export type WorkOrder = z.infer<typeof WorkOrder>
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
export const WorkOrderRequest = z
  .strictObject({
    outage: z.string().max(64).optional(),
    devices: z.array(DeviceId).min(1).max(5_000).optional(),
    /** Default: the maintainer of most of the devices. */
    unit: Unit.optional(),
    note: z.string().trim().min(1).max(1_000).optional(),
  })
  .refine((r) => (r.outage === undefined) !== (r.devices === undefined), {
    message: 'must be given, or outage: one of them',
    path: ['devices'],
  })
export type WorkOrderRequest = z.infer<typeof WorkOrderRequest>

export const RepairUnitsQuery = z.strictObject({ outage: z.string().max(64).optional() })
/** To whom a work order can go. */
export const RepairUnits = z.strictObject({
  /** Whose an order for the outage is by default; null when nothing of it is left to repair, or none was asked about. */
  usual: z.string().nullable(),
  /** `users`: who of the unit would see the order; 0: it reaches nobody here. */
  units: z.array(z.strictObject({ name: z.string(), users: z.int() })),
})
export type RepairUnits = z.infer<typeof RepairUnits>

export const channelKinds = ['webhook', 'email', 'wecom', 'dingtalk', 'feishu', 'mqtt'] as const
export const ChannelRow = z.strictObject({
  id: z.string(),
  kind: z.enum(channelKinds),
  name: z.string(),
  /** Host only: an address of a robot is itself a secret. */
  target: z.string(),
  languages: z.enum(['zh', 'en']),
  lastSentAt: Instant.nullable(),
  lastProblem: z.string().nullable(),
  waiting: z.int(),
  dead: z.int(),
})
export type ChannelRow = z.infer<typeof ChannelRow>
export const noticeStatuses = ['waiting', 'sent', 'dead'] as const
export const NoticeRow = z.strictObject({
  id: z.int(),
  channel: z.string(),
  subject: z.string(),
  outage: z.string().nullable(),
  /** The order whose limit is near or has passed. */
  workOrder: z.string().nullable(),
  status: z.enum(noticeStatuses),
  attempts: z.int(),
  createdAt: Instant,
  sentAt: Instant.nullable(),
  problem: z.string().nullable(),
})
export const ChannelReport = z.strictObject({
  asOf: Instant,
  channels: z.array(ChannelRow),
  notices: z.array(NoticeRow),
})
export type ChannelReport = z.infer<typeof ChannelReport>
export const ChannelTest = z.strictObject({ sent: z.boolean(), problem: z.string().nullable(), ms: z.number() })
export type ChannelTest = z.infer<typeof ChannelTest>
