/** What the API answers and takes. The console's types are these. */
import { z } from 'zod'
import { AdjustmentKind, CountedState } from './adjustment.ts'
import { DeviceEvent } from './event.ts'
import { FoundDevice, GatewayStatus } from './gateway.ts'
import { Application, Carrier, DeviceId, DeviceKind, DistrictCode, GatewayId, Instant, Unit } from './identity.ts'
import { Observation } from './observation.ts'
import { Cause, OutageRow } from './outage.ts'
import { DeviceRecord, PointClass, recordFieldNames } from './record.ts'
import { MatchBasis, RolloutList, Unmatched } from './rollout.ts'
import { DeviceState, Interval, Rule, Stage, Transition } from './transition.ts'
import { WorkOrderStatus } from './work-order.ts'

export const roles = ['sysadmin', 'secadmin', 'auditor', 'operator', 'commander', 'contractor'] as const
/** 三员分立: system administrator, security administrator and auditor exclude one another; the rest do the work. */
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** `approve`: decides on exemptions and corrections, locks scorecards; never on what one has entered oneself. `outages`: handles outages, issues work orders and verifies them. `repair`: receives, disputes and finishes work orders; without `outages` those of the own unit only. `report`: makes scorecards, enters stated figures. */
export const permissions = [
  'view',
  'registry',
  'command',
  'report',
  'approve',
  'outages',
  'repair',
  'users',
  'audit',
] as const
export type Permission = (typeof permissions)[number]
export const rolePermissions: Record<Role, readonly Permission[]> = {
  sysadmin: ['view', 'registry', 'command', 'report', 'approve', 'outages', 'repair'],
  secadmin: ['users'],
  auditor: ['view', 'audit'],
  operator: ['view', 'registry', 'command', 'report', 'approve', 'outages', 'repair'],
  commander: ['view', 'command', 'outages'],
  contractor: ['view', 'repair'],
}

/** Name of the cookie that holds the session's token. */
export const sessionCookie = 'hub_session'

export const Login = z.strictObject({ user: z.string().min(1).max(64), password: z.string().min(1).max(256) })
export const Session = z.strictObject({
  user: z.string(),
  role: Role,
  permissions: z.array(z.enum(permissions)),
  /** `city`, or the viewer's districts. */
  districts: z.union([z.literal('city'), z.array(DistrictCode)]),
  /** Whose work orders the viewer repairs; null: of no unit. */
  unit: z.string().nullable(),
  expiresAt: Instant,
})
export type Session = z.infer<typeof Session>

/** Counts at an instant over the devices that are due (in service). `rate` = (up + degraded) ÷ (due − exempt); null when none is due. */
export const Snapshot = z.strictObject({
  rate: z.number().min(0).max(1).nullable(),
  due: z.int(),
  up: z.int(),
  degraded: z.int(),
  down: z.int(),
  unknown: z.int(),
  exempt: z.int(),
})
export type Snapshot = z.infer<typeof Snapshot>

/** A row of a league: a district, an application, a carrier. */
export const Group = z.strictObject({
  key: z.string(),
  now: Snapshot,
  /** Time rate of the last whole day (Asia/Shanghai); null when nothing is known of it. */
  yesterday: z.number().nullable(),
  /** Since when the device that is down longest has been down. */
  oldestDownSince: Instant.nullable(),
})
export type Group = z.infer<typeof Group>

export const TrendPoint = z.strictObject({
  at: Instant,
  /** Time rate of the bucket: up s ÷ (due s − exempt s − unknown s); null when nothing was known. */
  rate: z.number().nullable(),
  /** Share of due time that is unknown. */
  unknown: z.number(),
})
export type TrendPoint = z.infer<typeof TrendPoint>

export const Policy = z.strictObject({
  target: z.number(),
  /** Where the target comes from: it is a reported average, not a contract threshold. */
  provenance: z.string(),
  /** How unknown counts in the snapshot and in the time rate. */
  unknown: z.string(),
})
export type Policy = z.infer<typeof Policy>
/** Without a district: all that the viewer may see. With one, every figure and the trend are that district's. */
export const OverviewQuery = z.strictObject({ district: DistrictCode.optional() })
export const Overview = z.strictObject({
  asOf: Instant,
  policy: Policy,
  city: Group,
  districts: z.array(Group),
  applications: z.array(Group),
  carriers: z.array(Group),
  stages: z.partialRecord(Stage, z.int()),
  trend: z.array(TrendPoint),
  /** Latest changes to down, degraded or back, newest first. */
  feed: z.array(Transition.extend({ name: z.string(), carrier: Carrier, application: Application })),
  gateways: z.strictObject({ online: z.int(), total: z.int() }),
  /** Current outages of several devices that are down and not expected, problems first: at most six, and how many there are. */
  outages: z.strictObject({
    total: z.int(),
    rows: z.array(
      OutageRow.pick({ id: true, cause: true, from: true, districts: true, members: true, down: true, status: true }),
    ),
  }),
})
export type Overview = z.infer<typeof Overview>

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

const list = <T extends z.ZodType>(of: T) => z.union([of, z.array(of)]).transform((v) => (Array.isArray(v) ? v : [v]))
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
  /** One entry a day (Asia/Shanghai), oldest first, seconds of each state; the four add up to the day's due seconds. */
  days: z.array(
    z.strictObject({ day: z.iso.date(), up: z.number(), down: z.number(), unknown: z.number(), exempt: z.number() }),
  ),
  gateway: z.strictObject({ id: GatewayId, online: z.boolean(), lastSeenAt: Instant.nullable() }).nullable(),
  /** Where the record and the device say different things. */
  differences: z.array(z.strictObject({ field: z.enum(recordFieldNames), recorded: z.string(), found: z.string() })),
  /** Device minus centre at the last look that read its clock, milliseconds. */
  clockOffsetMs: z.number().nullable(),
  /** The outage that it is down in. */
  outage: z.strictObject({ id: z.string(), cause: Cause, from: Instant }).nullable(),
  /** The work order about it that is not closed. */
  workOrder: z.strictObject({ id: z.uuid(), number: z.string(), status: WorkOrderStatus }).nullable(),
})
export type DeviceDetail = z.infer<typeof DeviceDetail>

export const Period = z.strictObject({
  from: z.coerce.number().pipe(Instant).optional(),
  to: z.coerce.number().pipe(Instant).optional(),
})
export const DeviceIntervals = z.strictObject({
  device: DeviceId,
  from: Instant,
  to: Instant,
  asOf: Instant,
  intervals: z.array(Interval),
  /** Milliseconds; the four add up to `to − from`. */
  totals: z.strictObject({ up: z.int(), down: z.int(), unknown: z.int(), exempt: z.int() }),
  rate: z.number().nullable(),
  /** Where an approved exemption or correction counts instead of the intervals, oldest first, cut to the period; they may overlap. */
  adjusted: z.array(
    z.strictObject({
      from: Instant,
      to: Instant,
      countAs: CountedState,
      adjustment: z.uuid(),
      kind: AdjustmentKind,
      reason: z.string(),
    }),
  ),
})
export type DeviceIntervals = z.infer<typeof DeviceIntervals>
export const EventsQuery = z.strictObject({
  /** Only those before this instant. */
  before: z.coerce.number().pipe(Instant).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
/** Newest first. */
export const DeviceEvents = z.strictObject({ device: DeviceId, asOf: Instant, events: z.array(DeviceEvent) })
export type DeviceEvents = z.infer<typeof DeviceEvents>
export const DistrictRow = z.strictObject({
  code: DistrictCode,
  zh: z.string(),
  en: z.string(),
  centre: z.tuple([z.number(), z.number()]),
  now: Snapshot,
})
export type DistrictRow = z.infer<typeof DistrictRow>
export const discoveredStatuses = ['waiting', 'approved', 'rejected'] as const
export const DiscoveredRow = FoundDevice.extend({
  gateway: GatewayId,
  status: z.enum(discoveredStatuses),
  firstSeenAt: Instant,
  /** The planned record that it matches; null when none does. */
  matches: DeviceId.nullable(),
  matchedBy: MatchBasis.optional(),
  /** Why there is no match. */
  unmatched: Unmatched.optional(),
  /** Approved, and answers at another address now: it is sent no login there before it is approved again. */
  moved: z.literal(true).optional(),
  /** Who rejected it, when and why. */
  rejection: z.strictObject({ at: Instant, actor: z.string(), reason: z.string() }).optional(),
})
export type DiscoveredRow = z.infer<typeof DiscoveredRow>
export const Approval = z.strictObject({
  approve: z
    .array(
      z.strictObject({
        endpoint: z.string().max(256),
        /** Default: the one planned record that matches by address or name. */
        device: DeviceId.optional(),
        /** Name of a credential in the gateway's own configuration. */
        credential: z.string().min(1).max(64).optional(),
        /** The quarantine reason, when it is another than `new`. */
        confirm: z.string().max(64).optional(),
      }),
    )
    .min(1)
    .max(5_000),
})
export type Approval = z.infer<typeof Approval>
export const ApprovalResult = z.strictObject({
  approved: z.array(DeviceId),
  refused: z.array(z.strictObject({ endpoint: z.string(), problem: z.string() })),
})
export type ApprovalResult = z.infer<typeof ApprovalResult>
export const Rejection = z.strictObject({
  reject: z
    .array(z.strictObject({ endpoint: z.string().max(256), reason: z.string().trim().min(1).max(256) }))
    .min(1)
    .max(5_000),
})
export type Rejection = z.infer<typeof Rejection>
/** Endpoints. Approving one of them undoes it. */
export const RejectionResult = z.strictObject({
  rejected: z.array(z.string()),
  refused: z.array(z.strictObject({ endpoint: z.string(), problem: z.string() })),
})
export type RejectionResult = z.infer<typeof RejectionResult>
const rolloutFilters = {
  list: RolloutList.default('missing'),
  district: list(DistrictCode).optional(),
  carrier: list(Carrier).optional(),
  /** Of the list `matched`. */
  by: list(MatchBasis).optional(),
  /** In code, name, address or endpoint. */
  search: z.string().max(64).optional(),
}
export const RolloutFilters = z.strictObject(rolloutFilters)
export const RolloutQuery = z.strictObject({
  ...rolloutFilters,
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
})
export const GatewayRow = GatewayStatus.extend({
  name: z.string(),
  districts: z.array(DistrictCode),
  lastSeenAt: Instant.nullable(),
})
export type GatewayRow = z.infer<typeof GatewayRow>

export const ImportResult = z.strictObject({
  created: z.int(),
  updated: z.int(),
  refused: z.array(z.strictObject({ row: z.int(), field: z.string(), message: z.string() })),
})
export type ImportResult = z.infer<typeof ImportResult>
export const StageChange = z.strictObject({ stage: Stage, reason: z.string().trim().min(1).max(256) })
export const SensorCredentials = z.strictObject({ devices: z.array(DeviceId).min(1).max(5_000) })
/** Shown once: the hub keeps only a hash. */
export const SensorSecrets = z.strictObject({
  secrets: z.array(z.strictObject({ device: DeviceId, password: z.string() })),
})
export type SensorSecrets = z.infer<typeof SensorSecrets>
export const CommandRequest = z.strictObject({
  name: z.enum(['probe', 'identify', 'ptz-presets', 'ptz-goto']),
  args: z.record(z.string().max(32), z.string().max(128)).optional(),
})
/** Whatever the gateway answered. */
export const JsonValue = z.json()
export const CommandResult = z.strictObject({ gateway: GatewayId, at: Instant, result: JsonValue.optional() })
export type CommandResult = z.infer<typeof CommandResult>
export const NewUser = z.strictObject({
  user: z.string().regex(/^[a-z][a-z0-9._-]{1,31}$/, 'must be 2 to 32 of a–z, 0–9, . _ -'),
  password: z.string().min(10).max(256),
  role: Role,
  districts: z.union([z.literal('city'), z.array(DistrictCode).min(1)]),
  /** Needed to repair without handling outages: a contractor sees and steps the orders of its unit. */
  unit: Unit.optional(),
})
export type NewUser = z.infer<typeof NewUser>
export const UserRow = z.strictObject({
  user: z.string(),
  role: Role,
  districts: z.union([z.literal('city'), z.array(DistrictCode)]),
  unit: z.string().nullable(),
})
export type UserRow = z.infer<typeof UserRow>
export const UserList = z.strictObject({
  users: z.array(UserRow),
  /** Units that work orders go to: of users, maintainers of the camera record, of orders; so that a name is chosen, not mistyped. */
  units: z.array(z.string()),
})
export type UserList = z.infer<typeof UserList>
export const UserChange = z.strictObject({ unit: Unit.nullable() })
export type UserChange = z.infer<typeof UserChange>
export const AuditQuery = z.strictObject({
  actor: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  subject: z.string().max(256).optional(),
  from: z.coerce.number().pipe(Instant).optional(),
  to: z.coerce.number().pipe(Instant).optional(),
  /** Only lines before this one. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
export const AuditPage = z.strictObject({
  asOf: Instant,
  /** Newest first. `hash`: over the line and the hash before it. */
  lines: z.array(
    z.strictObject({
      id: z.int(),
      at: Instant,
      actor: z.string(),
      action: z.string(),
      subject: z.string(),
      detail: z.record(z.string(), JsonValue),
      hash: z.string().nullable(),
    }),
  ),
  /** What to ask for `before` to go on; null at the end. */
  next: z.int().nullable(),
  /** The chain of hashes over all lines; `brokenAt`: the first line that was edited, taken out or cut off. */
  chain: z.strictObject({
    whole: z.boolean(),
    brokenAt: z.int().nullable(),
    checkedAt: Instant,
    anchor: z.strictObject({ id: z.int(), hash: z.string() }).nullable(),
  }),
})
export type AuditPage = z.infer<typeof AuditPage>
/** Server-sent events of `/api/v1/stream`. The SSE id is `seq`; a `Last-Event-ID` that is too old is answered with a snapshot. */
export const StreamEvents = {
  /** Everything, columnar: the n-th of each column is one device. Also sent when a client must resync. */
  snapshot: z.strictObject({
    seq: z.int(),
    asOf: Instant,
    ids: z.array(DeviceId),
    states: z.array(DeviceState),
    since: z.array(Instant.nullable()),
  }),
  /** Coalesced: the last change of each device in the last 250–1,000 ms. */
  delta: z.strictObject({
    seq: z.int(),
    asOf: Instant,
    changes: z.array(z.tuple([DeviceId, DeviceState, Instant.nullable()])),
  }),
  /** Never coalesced. */
  transition: Transition,
  /** Never coalesced: something happened to a device beside its state. */
  event: DeviceEvent,
  /** An exemption or correction was decided, an export, an outage or a work order moved on: read it again. An empty id: several. */
  changed: z.strictObject({ what: z.enum(['adjustments', 'exports', 'outages', 'work-orders']), id: z.string() }),
  /** The registry changed: read devices again. */
  registry: z.strictObject({ seq: z.int() }),
  /** Every 15 s: silence longer than two of them is stale. */
  heartbeat: z.strictObject({ at: Instant }),
} as const
export type StreamEvent = {
  [K in keyof typeof StreamEvents]: { event: K; data: z.infer<(typeof StreamEvents)[K]> }
}[keyof typeof StreamEvents]
