/** What the tabs of the reports page show, as part of its address. Pure. */
import {
  type AdjustmentKind,
  type AdjustmentStatus,
  adjustmentKinds,
  adjustmentStatuses,
  type Carrier,
  carriers,
  progressGroups,
  scoreSubjects,
} from '@hub/contracts'
import { isMonth } from '../../lib/city-time.ts'
import { oneOf, type Query } from '../../router/address.ts'

export const reportTabs = ['rates', 'scorecards', 'adjustments', 'progress', 'exports'] as const
export type ReportTab = (typeof reportTabs)[number]

/** A name that is none of them leads to the first. */
export const tabOf = (below: string): ReportTab => reportTabs.find((tab) => tab === below) ?? 'rates'

export type ReportsQuery = {
  /** `YYYY-MM`; null is the last whole month. */
  month: string | null
  /** Whose scorecards. */
  subject: (typeof scoreSubjects)[number]
  status: AdjustmentStatus | null
  adjustment: AdjustmentKind | null
  /** What a row of the progress is, and what it is narrowed to beside the district. */
  by: (typeof progressGroups)[number]
  carrier: Carrier | null
  project: string | null
  /** The version of a scorecard, or the adjustment, that is open; `new` is the form of another. */
  row: string | null
}

export const noReports: ReportsQuery = {
  month: null,
  subject: 'carrier',
  status: null,
  adjustment: null,
  by: 'district',
  carrier: null,
  project: null,
  row: null,
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What is malformed is left out. */
export function parseReports(query: URLSearchParams): ReportsQuery {
  const month = query.get('month')
  const row = query.get('row')
  return {
    month: month && isMonth(month) ? month : null,
    subject: oneOf(query, 'subject', scoreSubjects) ?? noReports.subject,
    status: oneOf(query, 'status', adjustmentStatuses),
    adjustment: oneOf(query, 'kind', adjustmentKinds),
    by: oneOf(query, 'by', progressGroups) ?? noReports.by,
    carrier: oneOf(query, 'carrier', carriers),
    project: query.get('project')?.slice(0, 64) || null,
    row: row && (row === 'new' || uuid.test(row)) ? row : null,
  }
}

/** Defaults are left out, so that one view has one address. */
export const formatReports = (reports: ReportsQuery): Query => ({
  month: reports.month,
  subject: reports.subject === noReports.subject ? null : reports.subject,
  status: reports.status,
  kind: reports.adjustment,
  by: reports.by === noReports.by ? null : reports.by,
  carrier: reports.carrier,
  project: reports.project,
  row: reports.row,
})
