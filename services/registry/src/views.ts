/** What other rooms may read of the registry. The columns are documented with their types, in contracts. */
import type { View } from '@hub/platform'

export const registryViews: readonly View[] = [
  {
    name: 'registry_device',
    sql: `SELECT id, district, kind, application, carrier, point_type, project, stage, name, address, longitude, latitude, ip_address,
  in_service_from, in_service_to, pole, feed, zone, record ->> '$.maintainer' AS maintainer, record ->> '$.switch' AS switch,
  record ->> '$.switchPort' AS switch_port, record ->> '$.recorder' AS recorder, record ->> '$.mac' AS mac,
  record ->> '$.serial' AS serial FROM device`,
  },
  {
    name: 'registry_tenure',
    sql: `SELECT device AS id, valid_from, valid_to, district, application, carrier, point_type, project, zone, kind, stage, maintainer, pole, feed,
  in_service_from, in_service_to FROM device_tenure WHERE superseded_at IS NULL`,
  },
  {
    name: 'registry_tenure_said',
    sql: `SELECT device AS id, said_at, superseded_at, valid_from, valid_to, district, application, carrier, point_type, project, zone, kind, stage,
  maintainer, pole, feed, in_service_from, in_service_to FROM device_tenure`,
  },
  {
    name: 'registry_statement',
    sql: `SELECT device, said_at, from_at, to_at, adjustment, seeded FROM device_statement`,
  },
  {
    name: 'registry_record',
    sql: `SELECT id, record FROM device`,
  },
  {
    name: 'registry_change',
    sql: `SELECT device, revision FROM device_change`,
  },
  {
    name: 'registry_topology',
    sql: `SELECT device, need, alternatives FROM topology_need`,
  },
]
