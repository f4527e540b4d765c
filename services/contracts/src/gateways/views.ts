/** What other rooms may read of gateways and of what they found. Each is a view over one table of its owner, the room gateways; nobody else names that table. */

export interface GatewaysViews {
  /** A gateway, without its password. */
  gateways_gateway: GatewaysGateway
  /** Which gateway watches a device, and as what it was found. A row for each device that has one. */
  gateways_binding: GatewaysBinding
  /** The keys that a gateway has sealed its batches with. */
  gateways_key: GatewaysKey
  /** What was found of an approved device. */
  gateways_found: GatewaysFound
  /** What changed in what a device says that it is. The columns are those of `ingest_event`. */
  gateways_identity_event: GatewaysIdentityEvent
}

interface GatewaysGateway {
  id: string
  name: string
  /** JSON array of district codes. */
  districts: string
  /** `GatewayStatus`, as last heard. */
  status: string | null
  last_seen_at: number | null
  /** When its spool was last said to be empty: what it had seen by then is at the centre. Null: never yet. */
  drained_at: number | null
}

interface GatewaysBinding {
  device: string
  gateway: string
  endpoint: string | null
  xaddr: string | null
  /** Time between probes. */
  every_ms: number
  /** `DeviceIdentity`, as last read, without its remarks. */
  identity: string | null
  /** `DeviceRemarks`, where there are any. */
  remarks: string | null
}

interface GatewaysKey {
  gateway: string
  /** `SealKey`. */
  key: string
  /** `GatewayKey['state']`. */
  state: string
  told_at: number
  pinned_at: number | null
  retired_at: number | null
  decided_by: string | null
}

interface GatewaysFound {
  device: string
  /** `FoundDevice`. */
  found: string
}

interface GatewaysIdentityEvent {
  device: string
  at: number
  kind: string
  /** '' always: an identity has no source. */
  source: string
  from_value: string | null
  to_value: string
}
