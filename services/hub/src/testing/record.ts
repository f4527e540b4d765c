/** A Record with every room's tables, as the hub opens it. */
import { openRecord as open, type PlatformTables, type RecordStore } from '@hub/platform'
import type { AccessTables } from '../../../access/src/tables.ts'
import type { GatewaysTables } from '../../../gateways/src/tables.ts'
import type { IngestTables } from '../../../ingest/src/tables.ts'
import type { MonitoredTables } from '../../../monitored/src/tables.ts'
import type { NotifyTables } from '../../../notify/src/tables.ts'
import type { OutagesTables } from '../../../outages/src/tables.ts'
import type { RegistryTables } from '../../../registry/src/tables.ts'
import type { ReportsTables } from '../../../reports/src/tables.ts'
import type { UptimeTables } from '../../../uptime/src/tables.ts'
import type { WorkOrdersTables } from '../../../work-orders/src/tables.ts'
import { recordSchema } from '../schema.ts'

/** Tests put rows where no room lets them, and look at them. */
export interface AllTables
  extends PlatformTables,
    AccessTables,
    GatewaysTables,
    IngestTables,
    MonitoredTables,
    NotifyTables,
    OutagesTables,
    RegistryTables,
    ReportsTables,
    UptimeTables,
    WorkOrdersTables {}

/** What a room is given, and what a test sees of it. */
export type TestRecord = RecordStore<AllTables> & RecordStore

export const openRecord = (path: string) => open(path, recordSchema) as unknown as Promise<TestRecord>
