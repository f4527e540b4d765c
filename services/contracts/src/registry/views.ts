/** What other rooms may read of the registry. Each is a view over one table of its owner, the room registry; nobody else names that table. */

export interface RegistryViews {
  /** What the record says of a device, field by field. */
  registry_device: RegistryDevice
  /** Stretches of a device's time, each under one set of attributes, as known now: ascending they lie side by side. */
  registry_tenure: RegistryTenure
  /** The same with all that was said before. */
  registry_tenure_said: RegistryTenure & { said_at: number; superseded_at: number | null }
  /** What was said of a device, and when. */
  registry_statement: RegistryStatement
  /** The whole record of a device. */
  registry_record: RegistryRecord
  /** Which devices have changed, in the order of their changes. */
  registry_change: RegistryChange
  /** What a device needs beside what its record says. */
  registry_topology: RegistryTopology
}

interface RegistryDevice {
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
  /** When it was due: half-open; null `from`: never yet, null `to`: no end. */
  in_service_from: number | null
  in_service_to: number | null
  pole: string | null
  feed: string | null
  zone: string | null
  maintainer: string | null
  switch: string | null
  switch_port: string | null
  recorder: string | null
  mac: string | null
  serial: string | null
}

interface RegistryTenure {
  id: string
  /** When it was true: half-open; 0: ever, null: no end. */
  valid_from: number
  valid_to: number | null
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

interface RegistryStatement {
  device: string
  /** Ascending for each device. */
  said_at: number
  /** The stretch of which it speaks; null: no end. */
  from_at: number
  to_at: number | null
  /** The approved adjustment that made it; null: a plain change. */
  adjustment: string | null
  /** 1: made of the record as it stood when its history began to be kept. */
  seeded: number
}

interface RegistryRecord {
  id: string
  /** `DeviceRecord`. */
  record: string
}

interface RegistryChange {
  device: string
  revision: number
}

interface RegistryTopology {
  device: string
  need: number
  /** JSON array of `kind:key`. */
  alternatives: string
}
