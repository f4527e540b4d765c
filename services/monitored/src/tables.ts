/** Tables of monitored: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */

export interface MonitoredTables {
  monitored_system: SystemTable
  monitored_hour: HourTable
}

/** Last check of a system. `platform`: its id. */
interface SystemTable {
  platform: string
  name: string
  kind: string
  url: string | null
  normal: number | null
  checked_at: number | null
  ms: number | null
  problem: string | null
}

/** Checks of a system by hour (UTC milliseconds of its start). */
interface HourTable {
  platform: string
  at: number
  passed: number
  due: number
}
