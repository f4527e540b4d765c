/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'adjust.kind.exemption': 'Exemption',
  'adjust.kind.correction': 'Correction',
  'adjust.kind.record': 'Record amendment',
  'adjust.status.requested': 'Requested',
  'adjust.status.approved': 'Approved',
  'adjust.status.rejected': 'Rejected',
  'adjust.status.withdrawn': 'Withdrawn',
  'adjust.by.devices': 'Devices',
  'adjust.by.pole': 'Pole',
  'adjust.by.feed': 'Power feed',
  'adjust.by.district': 'District',

  'export.report.uptime': 'Online rate',
  'export.report.intervals': 'States in detail',
  'export.report.kpis': 'Figures of the city',
  'export.report.scorecards': 'Scorecards',
  'export.report.adjustments': 'Exemptions and corrections',
  'export.report.progress': 'Progress',
  'export.format.xlsx': 'Excel',
  'export.format.csv': 'CSV',
  'export.format.pdf': 'PDF',
  'export.format.json': 'JSON',
}
