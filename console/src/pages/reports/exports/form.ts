/** What an export is asked for with, and the query of the report's own route that it stands for. Days are the city's. Pure. */
import type { AdjustmentStatus, Carrier, DistrictCode, ExportRequest, UptimeGroup } from '@hub/contracts'
import { dayMs } from '@hub/core'
import { instantOf } from '../../../lib/city-time.ts'
import type { ReportsQuery } from '../query.ts'

type Report = ExportRequest['report']

export type ExportForm = {
  report: Report
  format: ExportRequest['format']
  /** `2026-11-01`, both included. */
  from: string
  to: string
  group: UptimeGroup | ''
  month: string
  subject: ReportsQuery['subject']
  status: AdjustmentStatus | ''
  by: ReportsQuery['by']
  district: DistrictCode | ''
  carrier: Carrier | ''
}

/** Which fields a report takes. */
export const fieldsOf: Record<Report, { period: boolean; scope: boolean }> = {
  uptime: { period: true, scope: true },
  intervals: { period: true, scope: true },
  kpis: { period: true, scope: true },
  scorecards: { period: false, scope: false },
  adjustments: { period: false, scope: false },
  progress: { period: false, scope: true },
}

/** Null when its last day lies before its first, or either is no day. */
export function exportQueryOf(form: ExportForm): ExportRequest['query'] | null {
  const { period, scope } = fieldsOf[form.report]
  const query: Record<string, string> = {}
  const set = (name: string, value: string) => {
    if (value !== '') query[name] = value
  }
  if (period) {
    const span = spanOf(form)
    if (!span) return null
    set('from', String(span.from))
    set('to', String(span.to))
  }
  if (scope) {
    set('district', form.district)
    set('carrier', form.carrier)
  }
  if (form.report === 'uptime') set('by', form.group)
  if (form.report === 'progress') set('by', form.by)
  if (form.report === 'adjustments') set('status', form.status)
  if (form.report === 'scorecards') {
    set('month', form.month)
    set('kind', form.subject)
  }
  return query
}

function spanOf({ from, to }: ExportForm): { from: number; to: number } | null {
  const [first, last] = [instantOf(`${from}T00:00`), instantOf(`${to}T00:00`)]
  return first === null || last === null || last < first ? null : { from: first, to: last + dayMs }
}
