/** Tables of reports: this room alone reads and writes them. Times are UTC milliseconds; JSON columns hold a contracts type. */
import type {
  AccessViews,
  GatewaysViews,
  IngestViews,
  RegistryViews,
  UptimeViews,
  WorkOrdersViews,
} from '@hub/contracts'

/** What reports read: their own tables, and the views of others. */
export type ReportsData = ReportsTables &
  Pick<RegistryViews, 'registry_device' | 'registry_record' | 'registry_tenure'> &
  Pick<IngestViews, 'ingest_interval' | 'ingest_batch_digest' | 'ingest_batch_digest_pack' | 'ingest_batch_source'> &
  Pick<GatewaysViews, 'gateways_gateway' | 'gateways_binding' | 'gateways_key'> &
  Pick<AccessViews, 'access_audit'> &
  Pick<UptimeViews, 'uptime_adjustment'> &
  Pick<WorkOrdersViews, 'work_orders_order'>

export interface ReportsTables {
  scorecard: ScorecardTable
  statement: StatementTable
  export: ExportTable
  seal: SealTable
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

/** One for each locked scorecard. */
interface SealTable {
  /** From 1 on, without a gap. */
  seq: number
  /** `scorecard.id`. */
  card: string
  fingerprint: string
  /** Of the seal before. */
  previous: string | null
  /** `Envelope` of `seal/dsse.ts`. */
  envelope: string
  /** JSON: the pinned key of each gateway that the card rests on. */
  keys: string
  sealed_at: number
}
