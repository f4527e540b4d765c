/** Tables of uptime: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { Generated } from 'kysely'

export interface UptimeTables {
  adjustment: AdjustmentTable
  judging_rules: JudgingRulesTable
  /** Every decision about an adjustment, and when. A trigger writes it. `unsure` 1: what was decided before it is not known. */
  adjustment_step: { adjustment: string; at: number; status: string; unsure: Generated<number> }
  uptime_day: UptimeDayTable
  uptime_blank: UptimeBlankTable
  uptime_sum: UptimeSumTable
  uptime_district: UptimeDistrictTable
  uptime_moved: UptimeMovedTable
  uptime_part: UptimePartTable
  uptime_dirty: UptimeDirtyTable
}

/** `JudgingVersion` of contracts. Never changed; triggers refuse. */
interface JudgingRulesTable {
  from_at: number
  rules: string
}

/** `Adjustment` of contracts. */
interface AdjustmentTable {
  id: string
  kind: string
  /** '' of a `record`. */
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
  /** `RecordChange`, of a `record`. */
  change: string | null
  evidence: string | null
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

/** Rolled days `[first, last)` of a device that are unknown from midnight to midnight: they have no rows in `uptime_day`. Derived, never edited. */
interface UptimeBlankTable {
  device: string
  first: number
  last: number
}

/** Sums of `uptime_day` and `uptime_blank` over the devices that share these attributes ('' for none). Derived, never edited. */
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

/** A device of whose past something else has been said since its days were summed. A trigger of the database writes it. */
interface UptimeMovedTable {
  device: string
  /** Of the first such saying: the sums are of its tenures as they were known before. */
  said_at: number
}

/** What a day of `uptime_day` is made of, where it lies under several sets of attributes. Derived, never edited. */
type UptimePartTable = UptimeDayTable &
  Pick<UptimeSumTable, 'district' | 'application' | 'carrier' | 'point_type' | 'project' | 'zone'>

/** Stretches of which a derived figure must be made again, for each that derives. */
interface UptimeDirtyTable {
  device: string
  consumer: string
  from_at: number
  to_at: number
  /** UTC milliseconds; 0 where it is derived at the next opportunity. */
  first_marked_at: number
  last_marked_at: number
  /** How often it was marked. */
  marks: number
}
