/**
 * The registry as figures see it: each record judged once for each change of it. The database itself notes which devices changed
 * (`registry_change`), so that what is kept is right whoever wrote, and what stayed is not read again.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { DeviceRecord, DistrictCode, PointClass } from '@hub/contracts'
import {
  type AdjustableDevice,
  insideDistrict,
  type PositionVerdict,
  positionVerdict,
  type RequiredFields,
  requiredFields,
} from '@hub/core'

export type JudgedDevice = AdjustableDevice & {
  stage: string
  /** When it was due under which district and carrier; null `to`: no end. */
  due: readonly Due[]
  fields: RequiredFields
  position: PositionVerdict
}

type Due = { district: string; carrier: string; from: number; to: number | null }

type Row = Omit<JudgedDevice, 'fields' | 'position' | 'id' | 'pole' | 'feed' | 'due'> & {
  device: string
  revision: number
  /** Null: it is gone. */
  id: string | null
  record: string
  point_type: PointClass
  longitude: number | null
  latitude: number | null
  from: number | null
  to: number | null
  changed: 0 | 1
}

export type Judged = {
  /** As of this state of the Record: ask inside a transaction. */
  devices(): Iterable<JudgedDevice>
}

export function createJudged(sqlite: DatabaseSync): Judged {
  const devices = new Map<string, JudgedDevice>()
  let revision = 0
  const changed = sqlite.prepare(
    `SELECT r.device, r.revision, device.id, district, kind, carrier, application, point_type, stage, longitude, latitude, record,
      in_service_from AS "from", in_service_to AS "to", device.id IN (SELECT id FROM registry_tenure WHERE valid_from > 0) AS changed
     FROM registry_change r LEFT JOIN registry_device device ON device.id = r.device LEFT JOIN registry_record whole ON whole.id = r.device
     WHERE r.revision > ? ORDER BY r.revision`,
  )
  const tenures = sqlite.prepare(
    `SELECT district, carrier, in_service_from AS "from", in_service_to AS "to" FROM registry_tenure
     WHERE id = ? AND in_service_from IS NOT NULL ORDER BY valid_from`,
  )
  const dueOf = ({ district, carrier, from, to, changed }: Row, id: string): Due[] =>
    changed
      ? (tenures.all(id) as Due[])
      : from === null || (to !== null && to <= from)
        ? []
        : [{ district, carrier, from, to }]
  return {
    devices() {
      let latest = revision
      for (const row of changed.iterate(revision) as Iterable<unknown> as Iterable<Row>) {
        latest = row.revision
        if (row.id === null) devices.delete(row.device)
        else devices.set(row.id, judge(row, row.id, dueOf(row, row.id)))
      }
      revision = latest
      return devices.values()
    },
  }
}

function judge(row: Row, id: string, due: readonly Due[]): JudgedDevice {
  const { district, kind, carrier, application, stage, longitude, latitude } = row
  const record = JSON.parse(row.record) as Partial<DeviceRecord>
  const place = { district: district as DistrictCode, pointType: row.point_type, longitude, latitude }
  return {
    id,
    district,
    kind,
    carrier,
    application,
    stage,
    due,
    // As the columns of these names, which the database would read out of the record once more.
    pole: record.poleNumber ?? null,
    feed: record.powerSource ?? null,
    fields: requiredFields(record),
    position: positionVerdict(place, insideDistrict),
  }
}
