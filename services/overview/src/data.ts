/** What the overview reads: views only, it owns no table. */
import type { GatewaysViews, IngestViews, OutagesViews, RegistryViews, WorkOrdersViews } from '@hub/contracts'

export type OverviewData = Pick<RegistryViews, 'registry_device'> &
  Pick<IngestViews, 'ingest_state' | 'ingest_interval'> &
  Pick<GatewaysViews, 'gateways_gateway' | 'gateways_binding'> &
  OutagesViews &
  WorkOrdersViews
