/** Tables of emergency: this room alone reads and writes them. Times are UTC milliseconds; each part's tables are beside it. */
import type { GatewaysViews, IngestViews, OutagesViews, RegistryViews, WorkOrdersViews } from '@hub/contracts'
import type { PlatformTables } from '@hub/platform'
import type { Kysely } from 'kysely'
import type { CapTables } from './cap/tables.ts'
import type { IncidentTables } from './incidents/tables.ts'
import type { IntakeTables } from './intake/tables.ts'
import type { LinkageTables } from './linkage/tables.ts'
import type { PlanTables } from './plans/tables.ts'
import type { ResourceTables } from './resources/tables.ts'

export type EmergencyTables = CapTables & IncidentTables & IntakeTables & LinkageTables & PlanTables & ResourceTables

/** The Record as this room sees it: its own tables, and the views of others that it reads. */
export type EmergencyDb = PlatformTables &
  EmergencyTables &
  GatewaysViews &
  IngestViews &
  OutagesViews &
  RegistryViews &
  WorkOrdersViews
export type Db = Kysely<EmergencyDb>
