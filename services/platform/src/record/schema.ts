/** Tables of the Record, as Kysely sees them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type { AccessTables } from './schema/access.ts'
import type { DeviceTables } from './schema/devices.ts'
import type { OutageTables } from './schema/outages.ts'
import type { ReportTables } from './schema/reports.ts'

export interface RecordTables extends DeviceTables, AccessTables, ReportTables, OutageTables {}
