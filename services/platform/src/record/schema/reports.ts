/** Tables: adjustments, sums of time, scorecards, platforms, exports. */
export interface ReportTables {
  adjustment: AdjustmentTable
  uptime_day: UptimeDayTable
  uptime_sum: UptimeSumTable
  uptime_district: UptimeDistrictTable
  uptime_dirty: UptimeDirtyTable
  uptime_moved: UptimeMovedTable
  scorecard: ScorecardTable
  statement: StatementTable
  platform_state: PlatformStateTable
  platform_hour: PlatformHourTable
  export: ExportTable
}

/** `Adjustment` of contracts. */
interface AdjustmentTable {
  id: string
  kind: string
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

/** Sums of `uptime_day` over the devices that share these attributes ('' for none). Derived, never edited. */
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

/** Stretches of which a derived figure must be made again, for each that derives. */
interface UptimeDirtyTable {
  device: string
  consumer: string
  from_at: number
  to_at: number
}

/** A device whose attributes have changed, with those under which its days are still summed. Triggers of the database write it. */
interface UptimeMovedTable {
  device: string
  district: string
  application: string
  carrier: string
  point_type: string
  project: string
  zone: string
}

/** One version of a `Scorecard`. */
interface ScorecardTable {
  id: string
  month: string
  subject_kind: string
  subject: string
  version: number
  status: string
  /** `Scorecard`. */
  card: string
  hash: string | null
}

interface StatementTable {
  what: string
  month: string
  subject_kind: string
  subject: string
  value: number
  source: string
  entered_by: string
  entered_at: number
}

/** Last check of a platform. */
interface PlatformStateTable {
  platform: string
  name: string
  kind: string
  url: string | null
  normal: number | null
  checked_at: number | null
  ms: number | null
  problem: string | null
}

/** Checks of a platform by hour (UTC milliseconds of its start). */
interface PlatformHourTable {
  platform: string
  at: number
  passed: number
  due: number
}

/** `ExportJob` of contracts, with what it needs to run. */
interface ExportTable {
  id: string
  /** `ExportRequest`. */
  request: string
  /** Scope of whoever asked: `"city"` or an array of district codes. */
  scope: string
  status: string
  progress: number
  row_count: number
  bytes: number | null
  file_name: string | null
  requested_by: string
  requested_at: number
  ended_at: number | null
  problem: string | null
}
