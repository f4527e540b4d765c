/** Tables of registry: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { GatewaysViews, IngestViews, OutagesViews, UptimeViews, WorkOrdersViews } from '@hub/contracts'
import type { PlatformTables } from '@hub/platform'
import type { ColumnType, Kysely } from 'kysely'

/** Derived by the database from `record`. */
type Derived = ColumnType<string | null, never, never>

export interface RegistryTables {
  device: DeviceTable
  topology_need: TopologyNeedTable
  /** Which devices have changed, in the order of their changes: noted by triggers. */
  device_change: { device: string; revision: number }
  device_tenure: DeviceTenureTable
  device_statement: DeviceStatementTable
  /** A whole record until it was replaced. */
  device_record_past: { device: string; until_at: number; record: string }
}

/** What this room sees of the Record. */
export type RegistryData = PlatformTables &
  RegistryTables &
  Pick<GatewaysViews, 'gateways_binding' | 'gateways_found' | 'gateways_gateway'> &
  Pick<IngestViews, 'ingest_state' | 'ingest_interval'> &
  Pick<OutagesViews, 'outages_outage' | 'outages_member'> &
  Pick<UptimeViews, 'uptime_adjustment'> &
  Pick<WorkOrdersViews, 'work_orders_order' | 'work_orders_device'>
export type RegistryDb = Kysely<RegistryData>

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
  /** When it was due: half-open; null `from`: never yet, null `to`: no end. */
  in_service_from: number | null
  in_service_to: number | null
  updated_at: number
  pole: Derived
  feed: Derived
  zone: Derived
}

/** A stretch of a device's time under one set of attributes, in two times. Never edited, only superseded. */
interface DeviceTenureTable {
  device: string
  /** When it was true: half-open; 0: ever, null: no end. The tenures of a device that are not superseded lie side by side. */
  valid_from: number
  valid_to: number | null
  /** When it was said, ascending for each device; null: it is what is known now. */
  said_at: number
  superseded_at: number | null
  district: string
  application: string
  carrier: string
  point_type: string
  /** '' for none, as `zone` and `maintainer`. */
  project: string
  zone: string
  kind: string
  stage: string
  maintainer: string
  pole: string | null
  feed: string | null
  /** The due time in it; both null where there is none. */
  in_service_from: number | null
  in_service_to: number | null
}

/** One saying about a device. */
interface DeviceStatementTable {
  device: string
  said_at: number
  /** The stretch of which it speaks; null: no end. */
  from_at: number
  to_at: number | null
  /** The approved adjustment that made it; null: a plain change. */
  adjustment: string | null
  /** 1: made of the record as it stood when its history began to be kept. */
  seeded: number
}

/** Imported: what a device needs beside what its record says. */
interface TopologyNeedTable {
  device: string
  need: number
  /** JSON array of `kind:key`. */
  alternatives: string
}
