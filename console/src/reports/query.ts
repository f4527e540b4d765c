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
import { isMonth } from './city-time.ts'

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

/** Anything malformed is left out. */
export function parseReports(query: URLSearchParams): ReportsQuery {
  const one = <T extends string>(name: string, allowed: readonly T[]): T | null =>
    allowed.find((a) => a === query.get(name)) ?? null
  const month = query.get('month')
  const row = query.get('row')
  return {
    month: month && isMonth(month) ? month : null,
    subject: one('subject', scoreSubjects) ?? noReports.subject,
    status: one('status', adjustmentStatuses),
    adjustment: one('kind', adjustmentKinds),
    by: one('by', progressGroups) ?? noReports.by,
    carrier: one('carrier', carriers),
    project: query.get('project')?.slice(0, 64) || null,
    row: row && (row === 'new' || uuid.test(row)) ? row : null,
  }
}

/** Defaults are left out, so that one view has one address. */
export function formatReports(reports: ReportsQuery, query: URLSearchParams): void {
  const { month, subject, status, adjustment, by, carrier, project, row } = reports
  const set = (name: string, value: string | null, byDefault: string | null = null) => {
    if (value !== null && value !== byDefault) query.set(name, value)
  }
  set('month', month)
  set('subject', subject, noReports.subject)
  set('status', status)
  set('kind', adjustment)
  set('by', by, noReports.by)
  set('carrier', carrier)
  set('project', project)
  set('row', row)
}
