/** Tables of the Record, as Kysely sees them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { ColumnType, Generated } from 'kysely'

/** Derived by the database from `record`. */
type Derived = ColumnType<string | null, never, never>

export interface RecordTables {
  device: DeviceTable
  device_state: DeviceStateTable
  evidence: EvidenceTable
  interval: IntervalTable
  device_event: DeviceEventTable
  batch: BatchTable
  gateway: GatewayTable
  discovered: DiscoveredTable
  sensor_credential: SensorCredentialTable
  user: UserTable
  session: SessionTable
  audit: AuditTable
  audit_link: AuditLinkTable
  /** SQLite's own: the highest id ever given in a table. */
  sqlite_sequence: { name: string; seq: number }
  dead_letter: DeadLetterTable
  meta: MetaTable
  adjustment: AdjustmentTable
  uptime_day: UptimeDayTable
  uptime_sum: UptimeSumTable
  uptime_district: UptimeDistrictTable
  uptime_dirty: UptimeDirtyTable
  uptime_moved: UptimeMovedTable
  scorecard: ScorecardTable
  statement: StatementTable
  platform_state: PlatformStateTable
  platform_hour: PlatformHourTable
  export: ExportTable
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

/** The registry. The columns beside `record` are copies of its fields, for queries. */
interface DeviceTable {
  id: string
  district: string
  kind: string
  application: string
  carrier: string
  point_type: string
  project: string | null
  stage: string
  name: string
  address: string
  longitude: number | null
  latitude: number | null
  ip_address: string | null
  /** `DeviceRecord`. */
  record: string
  /** Set by approval. */
  gateway: string | null
  endpoint: string | null
  xaddr: string | null
  credential: string | null
  every_ms: number
  /** `DeviceIdentity`, as last read. */
  identity: string | null
  in_service_from: number | null
  in_service_to: number | null
  updated_at: number
  pole: Derived
  feed: Derived
  zone: Derived
}

/** Projection of the evidence: where the state machine of a device stands. */
interface DeviceStateTable {
  device: string
  state: string
  since: number | null
  /** `Rule`. */
  rule: string
  last_at: number | null
  /** Last ten `Observation`s, newest first. */
  recent: string
  /** `DeviceHealth` of core: where ingest goes on after a restart. */
  health: string | null
  /** The last `batch.id` that this row holds: a replay skips the batches up to it. */
  applied: number | null
  /** Device minus centre at the last look that read its clock, and when that was. */
  clock_offset_ms: Generated<number | null>
  clock_at: Generated<number | null>
  /** Verdict of the last look that reached the rung `picture`, and when that was. */
  picture: Generated<string | null>
  picture_at: Generated<number | null>
}

/** Runs of observations that agree (core/evidence). */
interface EvidenceTable {
  device: string
  first_at: number
  last_at: number
  fresh_until: number
  count: number
  verdict: string
  rung: string
  reason: string | null
  /** JSON array: times of the first looks (`Run.heads`). */
  heads: string
}

interface IntervalTable {
  device: string
  from_at: number
  to_at: number | null
  state: string
  rule: string
}

/** `DeviceEvent`. The key makes an event that is told twice one event. */
interface DeviceEventTable {
  device: string
  at: number
  kind: string
  /** '' when the event names none. */
  source: string
  from_value: string | null
  to_value: string
}

/** What gateways said, byte for byte: the truth of which all else here is a projection. */
interface BatchTable {
  id: Generated<number>
  gateway: string
  epoch: number
  seq: number
  first_at: number
  last_at: number
  count: number
  received_at: number
  /** The message, zstd. */
  payload: Uint8Array
}

interface GatewayTable {
  id: string
  name: string
  /** JSON array of district codes. */
  districts: string
  /** SHA-256 of the gateway's bus password. */
  password_hash: string | null
  /** `GatewayStatus`, as last heard. */
  status: string | null
  last_seen_at: number | null
  assignment_version: number
}

interface DiscoveredTable {
  gateway: string
  endpoint: string
  /** `FoundDevice`. */
  found: string
  status: string
  first_seen_at: number
  seen_at: number
  device: string | null
  /** `DiscoveredRow['rejection']`, while it is rejected. */
  rejection: string | null
}

interface SensorCredentialTable {
  device: string
  password_hash: string
  issued_at: number
}

interface UserTable {
  name: string
  password_hash: string
  role: string
  /** JSON: `"city"` or an array of district codes. */
  districts: string
  /** Whose work orders the user repairs. */
  unit: Generated<string | null>
  failures: number
  locked_until: number | null
}

interface SessionTable {
  /** SHA-256 of the cookie's token. */
  id: string
  user: string
  created_at: number
  seen_at: number
  expires_at: number
}

interface AuditTable {
  id: Generated<number>
  at: number
  actor: string
  action: string
  subject: string
  detail: string
}

/** The chain over the audit (`audit.ts`). */
interface AuditLinkTable {
  id: number
  hash: string
}

interface DeadLetterTable {
  id: Generated<number>
  at: number
  source: string
  reason: string
  payload: Uint8Array
}

interface MetaTable {
  key: string
  value: string
}

/** `Adjustment` of contracts. */
interface AdjustmentTable {
  id: string
  kind: string
  count_as: string
  status: string
  /** `AdjustmentScope`. */
  scope: string
  /** JSON: `"city"` or an array of district codes. */
  within: string
  from_at: number
  to_at: number
  /** `Recurrence`. */
  recurrence: string | null
  reason: string
  applicant: string
  requested_by: string
  requested_at: number
  decided_by: string | null
  decided_at: number | null
  note: string | null
}

/** Rollup of the intervals, adjustments applied: of one device a whole day that is over, or what of a month is. Derived, never edited. */
interface UptimeDayTable {
  device: string
  /** Days since 1970-01-01 in the city's time; a month as in `uptime_sum`. */
  day: number
  up_ms: number
  down_ms: number
  unknown_ms: number
  exempt_ms: number
}

/** Sums of `uptime_day` over the devices that share these attributes ('' for none). Derived, never edited. */
interface UptimeSumTable {
  /** A day as in `uptime_day`, or a month as `-(12 × year + month − 1)`. */
  period: number
  district: string
  application: string
  carrier: string
  point_type: string
  project: string
  zone: string
  /** Rows of `uptime_day` that are in it: devices of a day, device-days of a month. */
  devices: number
  up_ms: number
  down_ms: number
  unknown_ms: number
  exempt_ms: number
}

/** `uptime_sum` by district alone. */
type UptimeDistrictTable = Omit<UptimeSumTable, 'application' | 'carrier' | 'point_type' | 'project' | 'zone'>

/** Stretches of which a derived figure must be made again, for each that derives. */
interface UptimeDirtyTable {
  device: string
  consumer: string
  from_at: number
  to_at: number
}

/** A device whose attributes have changed, with those under which its days are still summed. Triggers of the database write it. */
interface UptimeMovedTable {
  device: string
  district: string
  application: string
  carrier: string
  point_type: string
  project: string
  zone: string
}

/** One version of a `Scorecard`. */
interface ScorecardTable {
  id: string
  month: string
  subject_kind: string
  subject: string
  version: number
  status: string
  /** `Scorecard`. */
  card: string
  hash: string | null
}

interface StatementTable {
  what: string
  month: string
  subject_kind: string
  subject: string
  value: number
  source: string
  entered_by: string
  entered_at: number
}

/** Last check of a platform. */
interface PlatformStateTable {
  platform: string
  name: string
  kind: string
  url: string | null
  normal: number | null
  checked_at: number | null
  ms: number | null
  problem: string | null
}

/** Checks of a platform by hour (UTC milliseconds of its start). */
interface PlatformHourTable {
  platform: string
  at: number
  passed: number
  due: number
}

/** `ExportJob` of contracts, with what it needs to run. */
interface ExportTable {
  id: string
  /** `ExportRequest`. */
  request: string
  /** Scope of whoever asked: `"city"` or an array of district codes. */
  scope: string
  status: string
  progress: number
  row_count: number
  bytes: number | null
  file_name: string | null
  requested_by: string
  requested_at: number
  ended_at: number | null
  problem: string | null
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
