/** 时钟合格率, 档案完整率, 坐标正确率: what devices say of the time, and what the registry says of devices. */
import {
  type DistrictCode,
  isRequired,
  PointClass,
  pointClasses,
  type RecordField,
  recordFieldNames,
} from '@hub/contracts'
import { faultOf } from '../../registry/record-faults.ts'
import { figure, type KpiFigure } from './figure.ts'

/**
 * Devices whose clock is at most `limitMs` off, either way ÷ devices whose clock was read. Offsets: device − reference, milliseconds, half the
 * round trip taken off; null where none was read.
 */
export function clockRight(offsets: Iterable<number | null>, limitMs: number): KpiFigure {
  const count = { right: 0, read: 0, unread: 0 }
  for (const offset of offsets) {
    if (offset === null) count.unread++
    else count.read++
    if (offset !== null && Math.abs(offset) <= limitMs) count.right++
  }
  return figure('clock', 'devices', count.right, count.read, [{ reason: 'not-measured', count: count.unread }])
}

const requiredOf = new Map(
  pointClasses.map((pointType) => [pointType, recordFieldNames.filter((field) => isRequired(field, pointType))]),
)

export type RequiredFields = { valid: number; required: number }

/** Required fields of a record (GB/T 28181-2022, by point class), and how many of them are filled and valid. */
export function requiredFields(record: Readonly<Partial<Record<RecordField, unknown>>>): RequiredFields {
  const pointType = PointClass.safeParse(record.pointType).data ?? '9'
  const required = requiredOf.get(pointType)!
  return {
    valid: required.filter((field) => faultOf(field, record[field], pointType) === null).length,
    required: required.length,
  }
}

/** Valid required fields ÷ required fields, of all records together. */
export function recordComplete(records: Iterable<RequiredFields>): KpiFigure {
  let [all, good] = [0, 0]
  for (const { valid, required } of records) {
    good += valid
    all += required
  }
  return figure('record', 'fields', good, all)
}

/** Where a device is said to stand (WGS-84), and the district that its code declares. */
export type StatedPosition = {
  district: DistrictCode
  pointType: PointClass
  longitude: number | null
  latitude: number | null
}

export type PositionVerdict = 'right' | 'wrong' | 'not-due'

/**
 * Zero is no position: a place on the equator or the meridian is a field that was never filled. A device that needs none (class 3 and
 * other) and has none is not due.
 */
export function positionVerdict(
  { district, pointType, longitude, latitude }: StatedPosition,
  insideDistrict: (district: DistrictCode, longitude: number, latitude: number) => boolean,
): PositionVerdict {
  if (longitude === null && latitude === null && !isRequired('longitude', pointType)) return 'not-due'
  const given = longitude !== null && latitude !== null && longitude !== 0 && latitude !== 0
  return given && insideDistrict(district, longitude, latitude) ? 'right' : 'wrong'
}

/** Devices that stand in their declared district ÷ devices that are to have a position. */
export function positionRight(verdicts: Iterable<PositionVerdict>): KpiFigure {
  const count = { right: 0, wrong: 0, 'not-due': 0 }
  for (const verdict of verdicts) count[verdict]++
  return figure('position', 'devices', count.right, count.right + count.wrong, [
    { reason: 'not-due', count: count['not-due'] },
  ])
}
