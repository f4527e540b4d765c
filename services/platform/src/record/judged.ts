/**
 * The registry as figures see it: each record judged once for each change of it. The database itself notes which devices changed
 * (`device_revision`), so that what is kept is right whoever wrote, and what stayed is not read again.
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
  /** When it was due: half-open, null where there is no end. Null `from`: never yet. */
  from: number | null
  to: number | null
  fields: RequiredFields
  position: PositionVerdict
}

type Row = Omit<JudgedDevice, 'fields' | 'position' | 'id' | 'pole' | 'feed'> & {
  device: string
  revision: number
  /** Null: it is gone. */
  id: string | null
  record: string
  point_type: PointClass
  longitude: number | null
  latitude: number | null
}

export type Judged = {
  /** As of this state of the Record: ask inside a transaction. */
  devices(): Iterable<JudgedDevice>
}

export function createJudged(sqlite: DatabaseSync): Judged {
  const devices = new Map<string, JudgedDevice>()
  let revision = 0
  const changed = sqlite.prepare(
    `SELECT r.device, r.revision, id, district, kind, carrier, application, point_type, stage, longitude, latitude, record,
      in_service_from AS "from", in_service_to AS "to"
     FROM device_revision r LEFT JOIN device ON id = r.device WHERE r.revision > ? ORDER BY r.revision`,
  )
  return {
    devices() {
      let latest = revision
      for (const row of changed.iterate(revision) as Iterable<unknown> as Iterable<Row>) {
        latest = row.revision
        if (row.id === null) devices.delete(row.device)
        else devices.set(row.id, judge(row, row.id))
      }
      revision = latest
      return devices.values()
    },
  }
}

function judge(row: Row, id: string): JudgedDevice {
  const { district, kind, carrier, application, stage, from, to, longitude, latitude } = row
  const record = JSON.parse(row.record) as Partial<DeviceRecord>
  const place = { district: district as DistrictCode, pointType: row.point_type, longitude, latitude }
  return {
    ...{ id, district, kind, carrier, application, stage, from, to },
    // As the columns of these names, which the database would read out of the record once more.
    ...{ pole: record.poleNumber ?? null, feed: record.powerSource ?? null },
    fields: requiredFields(record),
    position: positionVerdict(place, insideDistrict),
  }
}
