/** What other rooms may read of the systems that are watched. Each is a view over one table of its owner, the room monitored; nobody else names that table. */

export interface MonitoredViews {
  /** Last check of a system. */
  monitored_status: MonitoredStatus
  /** Checks of a system by hour (UTC milliseconds of its start). */
  monitored_checks: MonitoredChecks
}

interface MonitoredStatus {
  platform: string
  name: string
  kind: string
  url: string | null
  normal: number | null
  checked_at: number | null
  ms: number | null
  problem: string | null
}

interface MonitoredChecks {
  platform: string
  at: number
  passed: number
  due: number
}
