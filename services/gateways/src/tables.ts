/** Tables of gateways: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { GatewayKey, IngestViews, MatchBasis, RegistryViews } from '@hub/contracts'
import type { PlatformTables, RecordStore } from '@hub/platform'
import type { Generated, Kysely } from 'kysely'

export interface GatewaysTables {
  gateway: GatewayTable
  discovered: DiscoveredTable
  /** Signs of what was found: by what it may be known as a planned record (`Signs` of core). */
  discovered_key: { kind: MatchBasis; value: string; gateway: string; endpoint: string }
  /** Signs of cameras on record, but their code, which is their id. */
  planned_sign: { kind: MatchBasis; value: string; device: string }
  /** One row: how far `registry_change` has been read for them. */
  planned_position: { id: 1; revision: number; device: string }
  /** Found devices whose match may be another than before: to be approved by themselves, where the configuration says so. */
  discovered_pending: { id: Generated<number>; gateway: string; endpoint: string }
  /** How many found devices wait at a gateway. Kept by triggers. */
  discovered_waiting: { gateway: string; devices: number }
  /** Sums of hashes by bucket, of what a gateway found and identified. Kept by triggers. */
  inventory_digest: { gateway: string; kind: 'found' | 'identified'; bucket: number; total: number }
  device_binding: DeviceBindingTable
  assigned_device: AssignedDeviceTable
  /** One row: up to which of the registry's changes this room has followed. */
  registry_cursor: { id: 1; revision: number }
  identity_event: IdentityEventTable
  sensor_credential: SensorCredentialTable
  gateway_key: GatewayKeyTable
}

/** What this room sees of the Record. */
export type GatewaysData = PlatformTables &
  GatewaysTables &
  Pick<RegistryViews, 'registry_change' | 'registry_device'> &
  Pick<IngestViews, 'ingest_refusal'>
export type GatewaysDb = Kysely<GatewaysData>
export type GatewaysRecord = RecordStore<GatewaysData>

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
  /** `AssignmentDigest` of what is assigned; null before it was worked out for the first time. */
  assignment_digest: Generated<string | null>
  /** Of what was taken away with this version or before, nothing is known any more. */
  assignment_pruned: Generated<number>
  /** When its spool was last said to be empty. */
  drained_at: Generated<number | null>
}

interface DiscoveredTable {
  gateway: string
  endpoint: string
  /** `FoundDevice`, as it was when it last changed. */
  found: string
  status: string
  first_seen_at: number
  /** To some minutes (`put-found.ts`). */
  seen_at: number
  device: string | null
  /** `DiscoveredRow['rejection']`, while it is rejected. */
  rejection: string | null
  /** Of `found` but when it was seen (`foundHash` of core); null until it is indexed: written by a program of before. */
  hash: Generated<number | null>
}

/** Which gateway watches a device: a camera from its approval on, a sensor by its district. */
interface DeviceBindingTable {
  device: string
  gateway: string
  /** What follows is null for a sensor. */
  endpoint: string | null
  /** Device service address that the operator approved. */
  xaddr: string | null
  /** Name of a credential in the gateway's configuration. */
  credential: string | null
  /** Time between probes. */
  every_ms: number
  /** `DeviceIdentity`, as last read, without its remarks. */
  identity: string | null
  /** `DeviceRemarks`, as last told; null where there are none. */
  remarks: Generated<string | null>
  /** Of the last reading as the gateway sent it (`identityHash` of core). */
  identity_hash: Generated<number | null>
}

/** What a gateway is to be told of a device. */
interface AssignedDeviceTable {
  gateway: string
  device: string
  /** Of the gateway's assignment, with which this changed. */
  version: number
  /** `AssignedDevice`; null: taken away. */
  assigned: string | null
}

/** A changed identity, as `DeviceEvent`. The key makes an event that is reported twice one event. */
interface IdentityEventTable {
  device: string
  at: number
  kind: string
  source: string
  from_value: string | null
  to_value: string
}

interface SensorCredentialTable {
  device: string
  password_hash: string
  issued_at: number
}

/** `GatewayKey`. */
interface GatewayKeyTable {
  gateway: string
  key: string
  state: GatewayKey['state']
  told_at: number
  pinned_at: number | null
  retired_at: number | null
  decided_by: string | null
  reason: string | null
}
