/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'page.reports': 'Reports',

  'reports.rates': 'Online rate',
  'reports.scorecards': 'Scorecards',
  'reports.adjustments': 'Exemptions and corrections',
  'reports.progress': 'Progress',
  'reports.exports': 'Exports',

  'kpi.online-time': 'Online rate (time)',
  'kpi.online-snapshot': 'Online rate (now)',
  'kpi.platform-normal': 'Monitored systems normal',
  'kpi.intact': 'Intact',
  'kpi.clock': 'Clocks right',
  'kpi.record': 'Records complete',
  'kpi.position': 'Positions right',

  'report.month': 'Month',
  'report.month.earlier': 'Month before',
  'report.month.later': 'Month after',
  'report.devices': '{count} devices',
  'report.close': 'Close',

  'score.subject': 'Subject',
  'score.subject.carrier': 'Carriers',
  'score.subject.district': 'Districts',
  'score.status.draft': 'Draft',
  'score.status.reviewed': 'Reviewed',
  'score.status.locked': 'Locked',

  'adjust.any': 'All',
  'adjust.status': 'Status',
  'adjust.by': '{user} · {at}',

  'export.button': 'Export',
  'export.started': 'Export started.',
  'export.see': 'See exports',
  'export.by': 'Grouped by',
  'export.status.waiting': 'Waiting',
  'export.status.running': 'Running',
  'export.status.done': 'Done',
  'export.status.failed': 'Failed',
  'export.status.cancelled': 'Cancelled',
}
