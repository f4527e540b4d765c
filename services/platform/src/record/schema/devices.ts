/** Tables: the registry, what devices said, and what follows from it. */
import type { ColumnType, Generated } from 'kysely'

/** Derived by the database from `record`. */
type Derived = ColumnType<string | null, never, never>

export interface DeviceTables {
  device: DeviceTable
  device_state: DeviceStateTable
  evidence: EvidenceTable
  interval: IntervalTable
  device_event: DeviceEventTable
  batch: BatchTable
  dead_letter: DeadLetterTable
  gateway: GatewayTable
  discovered: DiscoveredTable
  sensor_credential: SensorCredentialTable
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

interface DeadLetterTable {
  id: Generated<number>
  at: number
  source: string
  reason: string
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
